# pwd - print the working directory
# usage: pwd [-LP]
#
# There are no symbolic links, so -L and -P are the same.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pwd.html

from program import options

proc = None


def __main__(args):
    options(args, "LP")
    proc.stdout.write(proc.cwd + "\n")
