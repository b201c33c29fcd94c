# sort - put lines in order
# usage: sort [-bdfghiMnrsuVz] [-t CHAR] [-k KEY]... [-o FILE] [FILE...]
# usage: sort -c | -C [OPTION...] [FILE]
#
# Print the lines of all FILEs, or of standard input, in the order of their bytes.
#   -n  as numbers            -g  as numbers with exponents   -h  as sizes: 2K, 1G    -M  as months
#   -V  as versions: v1.9 before v1.10
#   -f  lower case as upper   -d  only blanks and alphanumerics count                 -i  only what is printable
#   -b  without leading blanks   -r  backwards   -s  equal keys as they came          -u  one of each that are equal
#   -t CHAR  between the fields (else the blanks before each belong to it)
#   -k F[.C][FLAGS][,F[.C][FLAGS]]  compare from field F, character C, to the other or the end; may be repeated
#   -c  only say whether the lines are in order   -C  the same without a message   -m  no effect
#   -z  lines end with NUL
#   -o FILE  write there; FILE may be one of those that are read
# What does not fit into memory waits in /tmp. Limit: 4 MiB of text.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/sort.html

from program import inputs, options, protected, status
from text.order import Order

proc = None

LONG = (
    ("numeric-sort", "n"),
    ("reverse", "r"),
    ("unique", "u"),
    ("key", "k"),
    ("field-separator", "t"),
    ("output", "o"),
    ("version-sort", "V"),
)


async def __main__(args):
    opts, files = options(args, "bcCdfghik:mMno:rst:uVz", LONG)
    order = Order(opts)
    if "c" in opts or "C" in opts:
        from text.sorted import check

        wrong = 0
        for name, stream in inputs(files[:1]):
            wrong = await check(order, name, lines_of(stream, opts), "C" in opts)
        return 2 if status() else wrong
    from text.runs import Sorter  # late: -c does without

    sorter = Sorter(order)
    try:
        for _, stream in inputs(files):
            stream.most = stream.chunk = sorter.chunk
            stream = lines_of(stream, opts)
            while data := await stream.block():
                await sorter.add(data)
        if "o" not in opts:
            await sorter.write(lines_of(proc.stdout, opts))
        if status() or "o" not in opts:
            return 2 if status() else 0
        from base.files import Replacement  # late: the file is replaced at one stroke, so it may be an input

        protected(opts["o"])
        with Replacement(opts["o"]) as file:
            await sorter.write(lines_of(file, opts))
    finally:
        sorter.close()


def lines_of(stream, opts):
    """stream as it is, or with lines that end with NUL."""
    if "z" not in opts:
        return stream
    from text.swap import Swapped

    return Swapped(stream)
