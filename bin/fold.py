# fold - break long lines
# usage: fold [-bs] [-w WIDTH] [FILE...]
#
# Copy each FILE, or standard input, with newlines inserted so that no line is wider than WIDTH (80) columns.
#   -b  count bytes instead of columns      -s  break after a blank if possible      -c  count characters
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/fold.html

from base.errors import Usage
from program import inputs, options, status

proc = None

PIECE = 1024  # bytes folded at a time: with -w 1 the output is twice as long


async def __main__(args):
    opts, files = options(args, "bcsw:", (("bytes", "b"), ("spaces", "s"), ("width", "w")), "w")
    limit = opts.number("w", 80)
    if limit < 1:
        raise Usage("not a width", opts["w"])
    kind = "b" if "b" in opts else "c" if "c" in opts else ""
    for _, stream in inputs(files):
        rest = b""  # the incomplete last line
        while data := await stream.read():
            for i in range(0, len(data), PIECE):
                out = bytearray()
                rest = fold_complete(rest + data[i : i + PIECE], limit, kind, "s" in opts, out)
                proc.stdout.write(out)
        if rest:
            out = bytearray()
            fold(rest, limit, kind, "s" in opts, out)
            proc.stdout.write(out)
    return status()


def fold_complete(data, limit, kind, spaces, out):
    """Append the folded lines of data to out; return the rest that can still change."""
    at = 0
    while (end := data.find(b"\n", at)) >= 0:
        fold(data[at:end], limit, kind, spaces, out)
        out.append(10)
        at = end + 1
    rest = data[at:]
    if len(rest) > 4 * limit + 16:  # write what can no longer change; each part ends with a break
        parts = bytearray()
        fold(rest, limit, kind, spaces, parts)
        end = parts.rfind(b"\n") + 1
        rest = bytes(parts[end:])
        out.extend(memoryview(parts)[:end])
    return rest


def cells(data):
    """Return the columns of a character beyond ASCII."""
    from text.width import width  # late: only for characters beyond ASCII

    try:
        return width(data.decode())
    except (UnicodeError, TypeError):  # not UTF-8
        return 1


def fold(line, limit, kind, spaces, out):
    """Append the parts of line to the bytearray out, separated by newlines."""
    column = start = 0
    i = 0
    n = len(line)
    blank = 0  # index after the last blank
    while i < n:
        c = line[i]
        after = column + 1
        size = 1  # bytes of this character
        if c > 127 and kind != "b":
            while i + size < n and line[i + size] & 0xC0 == 0x80:
                size += 1
            if not kind:
                after = column + cells(line[i : i + size])
        elif not kind:
            if c == 9:
                after = (column | 7) + 1
            elif c == 8:
                after = max(column - 1, 0)
            elif c == 13:
                after = 0
        if after > limit and i > start:
            cut = blank if spaces and blank > start else i
            out.extend(line[start:cut])
            out.append(10)
            start = i = cut
            column = 0
            continue
        column = after
        i += size
        if c == 32 or c == 9:
            blank = i
    out.extend(line[start:])
