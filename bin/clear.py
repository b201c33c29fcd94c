# clear - clear the screen
# usage: clear

from program import options

proc = None


def __main__(args):
    options(args, "")
    proc.stdout.write("\x1b[H\x1b[2J\x1b[3J")
