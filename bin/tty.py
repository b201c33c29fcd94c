# tty - print the name of the terminal
# usage: tty [-s]
#
# Print the name of the terminal on standard input; "not a tty" and status 1 if it is none.
#   -s  print nothing
# Deviations: it is always /dev/tty, the session's own terminal; `who` distinguishes terminals.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/tty.html

from program import options

proc = None


def __main__(args):
    opts, _ = options(args, "s", (("silent", "s"), ("quiet", "s")), most=0)
    found = proc.stdin.isatty()
    if "s" not in opts:
        proc.stdout.write("/dev/tty\n" if found else "not a tty\n")
    return 0 if found else 1
