# zcat - print what compressed files hold
# usage: zcat [-flqv] [FILE...]
#
# Write what each FILE of gzip holds, or standard input, to standard output. The same as gzip -dc.
#   -d  decompress      -c  to standard output; the files stay      -k  the files stay      -f  overwrite files
#   -t  only test whether it can be decompressed      -l  list sizes      -v  say what is done      -n  keep no name
#   -1 to -9, -q  no effect
# A file is replaced when the new one is complete. What expands to more than 64 MiB is refused.

from archive.tool import main

proc = None


def __main__(args):
    return main(args, "dc")
