# lsmod - list loaded Python modules
# usage: lsmod
#
# A loaded module keeps its memory; rmmod unloads it. Programs are not listed: see ps.

import sys

from program import options

proc = None


def __main__(args):
    options(args, "", most=0)
    for name in sorted(sys.modules):
        place = getattr(sys.modules[name], "__file__", "-")
        proc.stdout.write(f"{name:<24} {place}\n")
