# zcat - print compressed files
# usage: zcat [-flqv] [FILE...]
#
# Decompress each FILE, or standard input, to standard output. The same as gzip -dc.
#   -d  decompress      -c  to standard output; the files stay      -k  the files stay      -f  overwrite files
#   -t  only test the files      -l  list sizes      -v  verbose      -n  do not store the name
#   -1 to -9, -q  no effect
# A file is replaced when the new one is complete. Files that expand to more than 64 MiB are refused.

from archive.tool import main

proc = None


def __main__(args):
    return main(args, "dc")
