# Runs at every shutdown (exit, reboot), before the processes are ended.
# Put your own commands into /local/end.sh, which runs after it.
#
#   wifi sta status -n
#   if $wc == True wifi sta disconnect -n
#   if $wa == True wifi sta off
