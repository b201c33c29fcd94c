# uname - show the name of the system
# usage: uname [-amnrsvi]
#
#   -s  the system (without options)  -n  this board's name in the network  -r  its version
#   -v  the firmware                  -m  the hardware                      -i  its number     -a  all but -i
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/uname.html

import sys

from base import VERSION, board, config
from program import options

proc = None


def __main__(args):
    opts, _ = options(args, "amnrsvi", (("all", "a"),), most=0)

    firmware = "MicroPython " + ".".join([str(part) for part in sys.implementation.version[:3]])
    values = (("s", "Diatom"), ("n", config.hostname()), ("r", VERSION), ("v", firmware), ("m", board.machine()))
    wanted = [value for letter, value in values if letter in opts or "a" in opts]
    if "i" in opts:
        wanted.append(board.unique_id())
    proc.stdout.write(" ".join(wanted or ["Diatom"]) + "\n")
