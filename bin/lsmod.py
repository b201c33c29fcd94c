# lsmod - list the Python modules that are loaded
# usage: lsmod
#
# A module keeps its memory while it is loaded; rmmod gives that back. Programs are not among them: see ps.

import sys

from program import options

proc = None


def __main__(args):
    options(args, "", most=0)
    for name in sorted(sys.modules):
        place = getattr(sys.modules[name], "__file__", "-")
        proc.stdout.write(f"{name:<24} {place}\n")
