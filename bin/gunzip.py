# gunzip - decompress files of gzip
# usage: gunzip [-cfklnqrtv] [-S SUFFIX] [FILE...]
#
# Decompress each FILE.gz to FILE, and remove it; standard input to standard output.
#   -d  decompress      -c  to standard output; the files stay      -k  the files stay      -f  overwrite files
#   -t  only test the files      -l  list sizes      -v  verbose      -n  do not store the name
#   -r  recurse into directories      -S SUFFIX  instead of .gz
#   -1 to -9, --fast, --best, -N, -q  no effect
# A file is replaced when the new one is complete. Files that expand to more than 64 MiB are refused.

from archive.tool import main

proc = None


def __main__(args):
    return main(args, "d")
