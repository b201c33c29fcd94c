# cut - print parts of lines
# usage: cut -b LIST [-nz] [FILE...]
# usage: cut -c LIST [-z] [FILE...]
# usage: cut -f LIST [-Dsz] [-d CHAR] [FILE...]
# usage: cut -F LIST [-Dsz] [-d REGEX] [FILE...]
#
#   -b LIST  bytes      -c LIST  characters      -f LIST  fields
#   -F LIST  fields separated by matches of an extended REGEX (blanks), printed with a blank between them
#   -d CHAR  between the fields (a tab; none: NUL)  -s  omit lines without it          -n  -b does not split characters
#   -D  in the order of LIST, with repetitions, and without lines of one field
#   -O TEXT, --output-delimiter=TEXT  between printed fields           --complement  all but LIST
#   -z  lines end with NUL
# LIST is numbers and ranges with commas: 1,3-5,7- and -2 for 1-2.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/cut.html

from base.errors import Failure, Usage
from process.stream import LINES_CHUNK
from program import each, options

proc = None

LONG = (
    "complement",
    ("output-delimiter", "O"),
    ("delimiter", "d"),
    ("fields", "f"),
    ("bytes", "b"),
    ("characters", "c"),
    ("only-delimited", "s"),
    ("zero-terminated", "z"),
)


async def __main__(args):
    opts, files = options(args, "b:c:Dd:F:f:nO:sz", LONG)
    kinds = [letter for letter in "bcfF" if letter in opts]
    if len(kinds) != 1:
        raise Usage("one of -b, -c, -f and -F must be given")
    kind = kinds[0]
    ranges = parse(opts[kind], "complement" in opts, "D" in opts)
    mark = ((opts["d"] or "\0") if "d" in opts else "\t").encode()
    separator = None
    if kind == "F":
        from regex.finder import Finder  # late: rarely used

        separator = Finder(opts["d"] or "[[:space:]]+", True)
    elif len(mark.decode()) != 1:
        raise Usage("expected one character", "-d")
    glue = opts["O"].encode() if "O" in opts else b" " if separator else mark if kind == "f" else b""
    picky = "s" in opts or "D" in opts
    number = 0  # lines so far, where lines stand for fields

    def chosen_of(lines):
        nonlocal number
        if kind == "f" and mark == b"\n":
            base, number = number, number + len(lines)
            return [line for i, line in enumerate(lines) if chosen(base + i, ranges)]
        if kind == "f":
            if picky:
                lines = [line for line in lines if mark in line]
            return [fields(line, line.split(mark), ranges, glue) for line in lines]
        if separator:
            rows = [(line, split(line, separator)) for line in lines]
            return [fields(line, parts, ranges, glue) for line, parts in rows if not picky or len(parts) > 1]
        if "n" in opts and kind == "b":
            return [whole(line, ranges, glue) for line in lines]
        return [pieces(line, ranges, glue, kind == "c") for line in lines]

    out = proc.stdout
    if "z" in opts:
        from text.swap import Swapped, swapped  # late: rarely used

        out, mark = Swapped(out), swapped(mark)

    async def cut(name, stream):
        if "z" in opts:
            stream = Swapped(stream)
        stream.most = LINES_CHUNK
        while data := await stream.block():
            lines = data.split(b"\n")
            if not lines[-1]:
                lines.pop()
            if lines := chosen_of(lines):
                out.write(b"\n".join(lines) + b"\n")

    return await each(files, cut)


def parse(text, complement, as_given):
    """Parse a LIST into (start, end) slices, sorted and merged; end is None for an open range."""
    ranges = []
    for word in text.replace(" ", ",").split(","):
        low, dash, high = word.partition("-")
        try:
            start = int(low or 1) - 1
            end = (int(high) if high else None) if dash else start + 1
        except ValueError:
            raise Usage("not a list", text)
        if start < 0 or (end is not None and end <= start) or word == "-":
            raise Failure(word, "invalid range")
        ranges.append((start, end))
    if as_given and not complement:
        return ranges
    ranges.sort(key=lambda pair: pair[0])
    joined = []
    for start, end in ranges:
        if joined and (joined[-1][1] is None or start < joined[-1][1]):
            last = joined[-1][1]
            joined[-1] = (joined[-1][0], None if end is None or last is None else max(end, last))
        else:
            joined.append((start, end))
    if not complement:
        return joined
    gaps = []
    at = 0
    for start, end in joined:
        if start > at:
            gaps.append((at, start))
        at = end
    return gaps + [(at, None)] if at is not None else gaps


def chosen(i, ranges):
    return any(start <= i and (end is None or i < end) for start, end in ranges)


def split(line, separator):
    """Return the fields between matches; an empty match separates nothing."""
    parts = []
    at = start = 0
    while start < len(line) and (found := separator.search(line, start)):
        begin, end = found[0], found[1]
        start = max(end, begin + 1)
        if begin < end:
            parts.append(line[at:begin])
            at = end
    parts.append(line[at:])
    return parts


def fields(line, parts, ranges, glue):
    """Return the chosen fields of a line; a line with one field is unchanged."""
    if len(parts) < 2:
        return line
    out = []
    for start, end in ranges:
        out.extend(parts[start:end])
    return glue.join(out)


def whole(line, ranges, glue):
    """Return the chosen bytes of a line. A character counts as the position of its last byte."""

    def begin(at):
        at = len(line) if at is None else min(at, len(line))
        while 0 < at < len(line) and line[at] & 0xC0 == 0x80:
            at -= 1
        return at

    return glue.join([line[begin(start) : begin(end)] for start, end in ranges])


def pieces(line, ranges, glue, chars):
    """Return the chosen bytes or characters of a line."""
    if chars and line and max(line) > 127:
        try:
            text = line.decode()
            return glue.join([text[start:end].encode() for start, end in ranges])
        except UnicodeError:  # not UTF-8: treat bytes as characters
            pass
    return glue.join([line[start:end] for start, end in ranges])
