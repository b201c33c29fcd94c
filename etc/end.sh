# Runs at every shutdown (exit, reboot), while the processes are still there. They are ended afterwards.
# What is yours belongs into /local/end.sh, which is run after it.
#
#   wifi sta status -n
#   if $wc == True wifi sta disconnect -n
#   if $wa == True wifi sta off
