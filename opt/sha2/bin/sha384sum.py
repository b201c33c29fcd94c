# sha384sum - print or check SHA-384 checksums
# usage: sha384sum [-bt] [FILE...]
# usage: sha384sum -c [-qs] [FILE...]
#
# Print the checksum of each FILE, or of standard input.
#   -c, --check  read sums and names from FILE, and verify the files; the status is 1 if one does not match
#   -q, --quiet  do not list matching files      -s, --status  no output      -b, -t  binary or text: no effect
# Slow: a few kB a second on a board.

from text.digest import main

proc = None


def make():
    from sha2 import constructor  # late: only if the firmware lacks it

    return constructor(48)


def __main__(args):
    return main(args, "sha384", make)
