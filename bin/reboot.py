# reboot - shut down and restart
# usage: reboot
#
# Runs /etc/end.sh, ends the processes, syncs, and resets the board.

import kernel
from program import options


def __main__(args):
    options(args, "", most=0)
    kernel.reboot()
