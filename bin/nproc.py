# nproc - print the number of available processors
# usage: nproc [-a]
#
# The event loop runs on one. An RP2 runs one thread (`&` on a program that never waits) on its second core; an ESP32
# gives threads the same core.
#   -a, --all  the same

import sys

from program import options

proc = None


def __main__(args):
    options(args, "a", (("all", "a"),), most=0)
    try:
        import _thread  # noqa: F401

        cores = 2 if sys.platform == "rp2" else 1
    except ImportError:
        cores = 1
    proc.stdout.write(f"{cores}\n")
