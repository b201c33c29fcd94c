# cut - print parts of lines
# usage: cut -b LIST [-n] [FILE...]
# usage: cut -c LIST [FILE...]
# usage: cut -f LIST [-s] [-d CHAR] [FILE...]
#
#   -b LIST  bytes      -c LIST  characters      -f LIST  fields
#   -d CHAR  between the fields (a tab)          -s  leave out lines without it     -n  no effect
#   --output-delimiter=TEXT  between the fields that are printed     --complement  all but LIST
# LIST is numbers and ranges with commas: 1,3-5,7- and -2 for 1-2.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/cut.html

from base.errors import Failure, Usage
from program import block, inputs, options, status

proc = None

LONG = (
    ("complement", "!"),
    ("output-delimiter", "="),
    ("delimiter", "d"),
    ("fields", "f"),
    ("bytes", "b"),
    ("characters", "c"),
)


async def __main__(args):
    opts, files = options(args, "b:c:d:f:ns!=:", LONG)
    kinds = [letter for letter in "bcf" if letter in opts]
    if len(kinds) != 1:
        raise Usage("one of -b, -c and -f must be given")
    kind = kinds[0]
    ranges = parse(opts[kind], "!" in opts)
    mark = (opts["d"] if "d" in opts else "\t").encode()
    if len(mark.decode()) != 1:
        raise Usage("needs one character", "-d")
    glue = opts["="].encode() if "=" in opts else mark if kind == "f" else b""
    number = 0  # lines so far, where they are the fields
    for _, stream in inputs(files):
        while data := await block(stream):
            lines = data.split(b"\n")
            if not lines[-1]:
                lines.pop()
            if kind == "f" and mark == b"\n":
                base, number = number, number + len(lines)
                lines = [line for i, line in enumerate(lines) if chosen(base + i, ranges)]
            elif kind == "f":
                if "s" in opts:
                    lines = [line for line in lines if mark in line]
                lines = [fields(line, mark, ranges, glue) for line in lines]
            else:
                lines = [pieces(line, ranges, glue, kind == "c") for line in lines]
            if lines:
                proc.stdout.write(b"\n".join(lines) + b"\n")
    return status()


def parse(text, complement):
    """The ranges of a LIST as (start, end) for slices, in order and joined; end is None where there is none."""
    ranges = []
    for word in text.replace(" ", ",").split(","):
        low, dash, high = word.partition("-")
        try:
            start = int(low or 1) - 1
            end = (int(high) if high else None) if dash else start + 1
        except ValueError:
            raise Usage("not a list", text)
        if start < 0 or (end is not None and end <= start) or word == "-":
            raise Failure(word, "wrong range")
        ranges.append((start, end))
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


def fields(line, mark, ranges, glue):
    """The chosen fields of a line; a line without the mark as it is."""
    if mark not in line:
        return line
    parts = line.split(mark)
    out = []
    for start, end in ranges:
        out.extend(parts[start:end])
    return glue.join(out)


def pieces(line, ranges, glue, chars):
    """The chosen bytes or characters of a line."""
    if chars and line and max(line) > 127:
        try:
            text = line.decode()
            return glue.join([text[start:end].encode() for start, end in ranges])
        except UnicodeError:  # not UTF-8: a character is a byte
            pass
    return glue.join([line[start:end] for start, end in ranges])
