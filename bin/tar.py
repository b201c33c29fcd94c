# tar - create, list and extract archives
# usage: tar c|r[azvf] [-f ARCHIVE] [-C DIR] [--exclude GLOB]... FILE...
# usage: tar x[zvfOk] [-f ARCHIVE] [-C DIR] [--strip-components N] [NAME...]
# usage: tar t[zvf] [-f ARCHIVE] [NAME...]
#
#   -c  create an archive of the FILEs, recursively      -x  extract files      -t  list files
#   -r  append FILEs to an uncompressed archive      -a  use -z if ARCHIVE ends in .gz or .tgz
#   -f ARCHIVE  the archive; "-" or none: standard input or output      -z  compressed with gzip (-x and -t detect it)
#   -C DIR  change to DIR first      -v  list the files      -O  extract to standard output      -k  keep existing files
#   -T FILE  names of files, one a line; --null: separated by NUL      --exclude GLOB  skip matching files
#   --strip-components N  strip leading parts of names      -p, -m, -h  no effect
#   --owner NAME[:NUMBER], --group NAME[:NUMBER]  owner and group in the archive (root:0)
#   --numeric-owner  only the numbers      --mtime DATE  the time of all files: a date, or a file with that time
# Absolute names, names with "..", and links are refused.

from base.errors import Failure, Usage
from base.paths import isdir, normal
from program import complain, inputs, options, status

proc = None

LETTERS = "acrxtzvf:C:OkT:pmh"
LONG = (
    ("append", "r"),
    ("auto-compress", "a"),
    ("create", "c"),
    ("extract", "x"),
    ("list", "t"),
    ("gzip", "z"),
    ("gunzip", "z"),
    ("verbose", "v"),
    ("file", "f"),
    ("directory", "C"),
    ("to-stdout", "O"),
    ("keep-old-files", "k"),
    ("files-from", "T"),
    "exclude:",
    "strip-components:",
    "owner:",
    "group:",
    "numeric-owner",
    "mtime:",
    "null",
)


async def __main__(args):
    if args and args[0][:1] not in ("-", ""):
        args = old_style(args)
    opts, names = options(args, LETTERS, LONG)
    if len([letter for letter in "crxt" if letter in opts]) != 1:
        raise Usage("one of -c, -r, -x and -t must be given")
    if "T" in opts:
        for _, stream in inputs([opts["T"]]):
            if "null" in opts:
                from text.swap import Swapped  # late: only for --null

                stream = Swapped(stream)
            while batch := await stream.lines():
                names.extend([line.decode() for line in batch if line])
        if status():
            return 2
    if "C" in opts and not isdir(normal(opts["C"], proc.cwd)):
        raise Failure(opts["C"], "cannot open: No such file or directory", 2)
    archive = opts["f"] or "-"
    if archive != "-":
        archive = normal(archive, proc.cwd)
        if "a" in opts and archive.endswith((".gz", ".tgz")):
            opts.given["z"] = True
    try:
        if "c" in opts or "r" in opts:
            from archive.pack import create  # late: only for -c

            if not names and "T" not in opts:
                raise Usage("cowardly refusing to create an empty archive")
            return await create(archive, names, opts)
        from archive.unpack import extract  # late: not for -c

        return await extract(archive, names, opts)
    except Failure as e:
        proc.complain(e.obj or opts["f"] or "-", e.reason)
        return 2
    except OSError as e:
        complain(opts["f"] or "-", OSError(e.errno))
        return 2


def old_style(args):
    """Translate the old form tar xzf A B: letters without a dash, then their values."""
    letters = args[0]
    rest = list(args[1:])
    out = []
    for letter in letters:
        at = LETTERS.find(letter)
        out.append("-" + letter)
        if at >= 0 and LETTERS[at + 1 : at + 2] == ":":
            if not rest:
                raise Usage("option requires an argument", letter)
            out.append(rest.pop(0))
    return out + rest
