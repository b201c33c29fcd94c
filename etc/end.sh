# Runs at every shutdown (exit, reboot), while the processes are still there. They are ended afterwards.
#
#   wifi sta status -n
#   if $wc == True wifi sta disconnect -n
#   if $wa == True wifi sta off

if [ -f /local/end.sh ]; then
    . /local/end.sh
fi
