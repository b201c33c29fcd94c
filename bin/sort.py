# sort - sort lines
# usage: sort [-bdfghiMnRrsuVz] [-t CHAR] [-k KEY]... [-o FILE] [FILE...]
# usage: sort -c | -C [OPTION...] [FILE]
#
# Print the lines of all FILEs, or of standard input, in the order of their bytes.
#   -n  as numbers            -g  as numbers with exponents   -h  as sizes: 2K, 1G    -M  as months
#   -V  as versions: v1.9 before v1.10                        -R  shuffled, equal ones together
#   -f  ignore case           -d  compare only blanks and alphanumerics               -i  only printable characters
#   -b  ignore leading blanks    -r  reverse     -s  stable sort                      -u  one of equal lines
#   -t CHAR  between the fields (default: leading blanks belong to a field)
#   -k F[.C][FLAGS][,F[.C][FLAGS]]  a key from field F, character C, to the other or the end; can be repeated
#   -c  only check whether the lines are sorted   -C  the same without a message   --check=quiet, too
#   -z  lines end with NUL   -m, -S SIZE, -T DIR, --parallel=N, --batch-size=N  no effect
#   -o FILE  write to FILE, which may be an input
# Large inputs use temporary files in /tmp. Limit: 4 MiB of text.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/sort.html

from program import inputs, options, protected, status
from sort.order import Order

proc = None

LONG = (
    "batch-size: buffer-size=S check=c dictionary-order=d field-separator=t general-numeric-sort=g human-numeric-sort=h "
    "ignore-case=f ignore-leading-blanks=b ignore-nonprinting=i key=k merge=m month-sort=M numeric-sort=n output=o "
    "parallel: quiet=C random-sort=R reverse=r stable=s temporary-directory=T unique=u version-sort=V zero-terminated=z"
)


async def __main__(args):
    args = ["--quiet" if arg in ("--check=quiet", "--check=silent") else arg for arg in args]
    opts, files = options(args, "bcCdfghik:mMno:RrS:st:T:uVz", LONG)
    order = Order(opts)
    if "c" in opts or "C" in opts:
        from sort.order import check  # late: only for -c

        wrong = 0
        for name, stream in inputs(files[:1]):
            wrong = await check(order, name, lines_of(stream, opts), "C" in opts)
        return 2 if status() else wrong
    from sort.external import Sorter  # late: not needed for -c

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
        from base.files import Replacement  # late: an atomic replacement, so the file may be an input

        protected(opts["o"])
        with Replacement(opts["o"]) as file:
            await sorter.write(lines_of(file, opts))
    finally:
        sorter.close()


def lines_of(stream, opts):
    """Return the stream, or a wrapper for NUL-terminated lines."""
    if "z" not in opts:
        return stream
    from text.swap import Swapped  # late: only for -z

    return Swapped(stream)
