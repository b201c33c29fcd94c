# gunzip - decompress files of gzip
# usage: gunzip [-cfklnqrtv] [-S SUFFIX] [FILE...]
#
# Put what each FILE.gz holds into FILE, and remove it; standard input goes to standard output.
#   -d  decompress      -c  to standard output; the files stay      -k  the files stay      -f  overwrite files
#   -t  only test whether it can be decompressed      -l  list sizes      -v  say what is done      -n  keep no name
#   -r  the files below a directory      -S SUFFIX  instead of .gz
#   -1 to -9, --fast, --best, -N, -q  no effect
# A file is replaced when the new one is complete. What expands to more than 64 MiB is refused.

from archive.tool import main

proc = None


def __main__(args):
    return main(args, "d")
