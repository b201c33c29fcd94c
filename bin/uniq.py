# uniq - omit repeated adjacent lines
# usage: uniq [-cDdiuz] [-f FIELDS] [-s CHARS] [-w CHARS] [INPUT [OUTPUT]]
#
#   -c  prefix the count     -d  only repeated lines     -u  only unique lines
#   -D  all repeated lines      -z  lines end with NUL
#   -i  ignore case
#   -f FIELDS  skip leading fields     -s CHARS  then skip characters
#   -w CHARS   compare at most that many characters
# Deviations: -s and -w count bytes.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/uniq.html

from base.errors import Usage
from process.stream import LINES_CHUNK
from program import inputs, options, protected, status

proc = None

LONG = (
    "count=c repeated=d unique=u ignore-case=i all-repeated=D zero-terminated=z "
    "skip-fields=f skip-chars=s check-chars=w"
)


async def __main__(args):
    opts, files = options(args, "cDdif:s:uw:z", LONG)
    if len(files) > 2:
        raise Usage("extra operand", files[2])
    for _, stream in inputs(files[:1]):
        if len(files) < 2 or files[1] == "-":
            await copy(stream, proc.stdout, opts)
            continue
        from base.files import Replacement  # late: an atomic replacement, so the file may be the input

        protected(files[1])
        with Replacement(files[1]) as file:
            await copy(stream, file, opts)
    return status()


async def copy(stream, out, opts):
    key = part(opts)
    if "z" in opts:
        from text.swap import Swapped  # late: rarely used

        stream, out = Swapped(stream), Swapped(out)
    every = "D" in opts
    counts, single, double = "c" in opts, "d" not in opts and not every, "u" not in opts and not every
    last = last_key = None
    times = 0
    stream.most = LINES_CHUNK
    while data := await stream.block():
        lines = data.split(b"\n")
        if not lines[-1]:
            lines.pop()
        text = []
        for line in lines:
            this = key(line) if key else line
            if this == last_key:
                if every:
                    text.append(b"%s\n%s\n" % (last, line) if times == 1 else line + b"\n")
                times += 1
                continue
            if times and (single if times == 1 else double):
                text.append(b"%7d %s\n" % (times, last) if counts else last + b"\n")
            last, last_key, times = line, this, 1
        out.write(b"".join(text))
    if times and (single if times == 1 else double):
        out.write(b"%7d %s\n" % (times, last) if counts else last + b"\n")


def part(opts):
    """Return a function that extracts the compared part of a line, or None for the whole line."""
    fields, chars, width = opts.number("f", 0), opts.number("s", 0), opts.number("w", None)
    fold = "i" in opts
    if not (fields or chars or fold or width is not None):
        return None

    def key(line):
        at = 0
        for _ in range(fields):
            while at < len(line) and line[at] in b" \t":
                at += 1
            while at < len(line) and line[at] not in b" \t":
                at += 1
        at += chars
        line = line[at:] if width is None else line[at : at + width]
        return line.lower() if fold else line

    return key
