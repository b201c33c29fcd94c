# sha384sum - print or check SHA-384 checksums
# usage: sha384sum [-bt] [FILE...]
# usage: sha384sum -c [-qs] [FILE...]
#
# Print the checksum of each FILE, or of standard input.
#   -c, --check  read sums and names from FILE, and say which files still have them; the status is 1 where one has not
#   -q, --quiet  do not name those that are right      -s, --status  say nothing      -b, -t  binary or text: no effect
# It is slow: a board does some kB a second.

from text.digest import main

proc = None


def __main__(args):
    return main(args, "sha384")
