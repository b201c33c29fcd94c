# tar - put files into an archive, and take them out
# usage: tar c|r[azvf] [-f ARCHIVE] [-C DIR] [--exclude GLOB]... FILE...
# usage: tar x[zvfOk] [-f ARCHIVE] [-C DIR] [--strip-components N] [NAME...]
# usage: tar t[zvf] [-f ARCHIVE] [NAME...]
#
#   -c  make an archive of the FILEs and all below      -x  take files out      -t  list them
#   -r  add the FILEs behind those of an archive that is not compressed      -a  -z where ARCHIVE is called .gz or .tgz
#   -f ARCHIVE  the archive; "-" or none: standard input or output      -z  compressed with gzip (found out by -x, -t)
#   -C DIR  go there first      -v  name the files      -O  files to standard output      -k  keep files that are there
#   -T FILE  names of files, one a line; --null: a zero byte behind each      --exclude GLOB  leave out what matches
#   --strip-components N  leave out parts at the beginning of names      -p, -m, -h  no effect
#   --owner NAME[:NUMBER], --group NAME[:NUMBER]  whose the files are, to those who have users (root:0)
#   --numeric-owner  only the numbers      --mtime DATE  the time of all files: a date, or a file that has it
# Absolute names and those with ".." are refused, and so are links, which there are none of.

from base.errors import Failure, Usage
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
                from text.swap import Swapped

                stream = Swapped(stream)
            while batch := await stream.lines():
                names.extend([line.decode() for line in batch if line])
        if status():
            return 2
    archive = opts["f"] or "-"
    if archive != "-":
        from base.paths import normal

        archive = normal(archive, proc.cwd)
        if "a" in opts and archive.endswith((".gz", ".tgz")):
            opts.given["z"] = True
    try:
        if "c" in opts or "r" in opts:
            from archive.pack import create

            if not names and "T" not in opts:
                raise Usage("cowardly refusing to create an empty archive")
            return await create(archive, names, opts)
        from archive.unpack import extract

        return await extract(archive, names, opts)
    except Failure as e:
        proc.complain(e.obj or opts["f"] or "-", e.reason)
        return 2
    except OSError as e:
        complain(opts["f"] or "-", OSError(e.errno))
        return 2


def old_style(args):
    """tar xzf A B: the letters without a dash, and then the values that they take."""
    letters = args[0]
    rest = list(args[1:])
    out = []
    for letter in letters:
        at = LETTERS.find(letter)
        out.append("-" + letter)
        if at >= 0 and LETTERS[at + 1 : at + 2] == ":":
            if not rest:
                raise Usage("missing value", letter)
            out.append(rest.pop(0))
    return out + rest
