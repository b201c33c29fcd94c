# Output formats of diff: normal, unified (-u), context (-c), ed script (-e), side by side (-y), and line formats of the user.

import asyncio

from micropython import const

from process import cpu
from program import complain

NO_NEWLINE = b"\\ No newline at end of file\n"
_TAB = const(8)


def put(mark, lines, begin, end):
    """Print lines with a mark in front."""
    out = cpu.current.stdout
    for i in range(begin, end):
        line = lines[i]
        out.write(mark + line)
        if line[-1:] != b"\n":
            out.write(b"\n" + NO_NEWLINE)


def span(begin, end):
    """Format a range for the normal format."""
    return f"{begin + 1},{end}" if end - begin > 1 else f"{end}"


async def normal(a, b, found):
    out = cpu.current.stdout
    for start, end, begin, stop in found:
        kind = "a" if start == end else "d" if begin == stop else "c"
        out.write(f"{span(start, end)}{kind}{span(begin, stop)}\n")
        put(b"< ", a, start, end)
        if kind == "c":
            out.write("---\n")
        put(b"> ", b, begin, stop)
        await asyncio.sleep_ms(0)


def place(begin, end):
    """Format a range for the unified format."""
    size = end - begin
    return f"{begin + 1}" if size == 1 else f"{begin + (size > 0)},{size}"


def hunks(a, b, found, around):
    """Yield hunks, changes with their context: (start, end) in a, (begin, stop) in b, and the changes of each."""
    k = 0
    while k < len(found):
        last = k
        while last + 1 < len(found) and found[last + 1][0] - found[last][1] <= 2 * around:
            last += 1
        start, begin = max(found[k][0] - around, 0), max(found[k][2] - around, 0)
        end, stop = min(found[last][1] + around, len(a)), min(found[last][3] + around, len(b))
        yield start, end, begin, stop, found[k : last + 1]
        k = last + 1


async def unified(a, b, found, context, title):
    """Print unified hunks. title(line number) returns the section heading of a hunk."""
    out = cpu.current.stdout
    for start, end, begin, stop, changes in hunks(a, b, found, context):
        out.write(f"@@ -{place(start, end)} +{place(begin, stop)} @@{title(start)}\n")
        at = start
        for change in changes:
            put(b" ", a, at, change[0])
            put(b"-", a, change[0], change[1])
            put(b"+", b, change[2], change[3])
            at = change[1]
            await asyncio.sleep_ms(0)
        put(b" ", a, at, end)


async def formatted(a, b, found, formats):
    """Print each line in the format for old, new or unchanged lines."""
    at = 0
    for start, end, begin, stop in found + [(len(a), len(a), len(b), len(b))]:
        shown(a, at, start, formats[2])
        shown(a, start, end, formats[0])
        shown(b, begin, stop, formats[1])
        at = end
        await asyncio.sleep_ms(0)


def shown(lines, begin, end, form):
    out = cpu.current.stdout
    for i in range(begin, end):
        line = lines[i]
        body = line[:-1] if line[-1:] == b"\n" else line
        text = form.replace("%%", "\0").replace("%dn", str(i + 1)).encode()
        out.write(text.replace(b"%L", line).replace(b"%l", body).replace(b"\0", b"%"))


async def context(a, b, found, around, title):
    """Print context hunks, the old lines above the new ones. title(line number) returns the section heading."""
    out = cpu.current.stdout
    for start, end, begin, stop, changes in hunks(a, b, found, around):
        out.write(f"***************{title(start)}\n*** {span(start, end)} ****\n")
        _half(a, start, end, changes, 0, b"- ")
        out.write(f"--- {span(begin, stop)} ----\n")
        _half(b, begin, stop, changes, 2, b"+ ")
        await asyncio.sleep_ms(0)


def _half(lines, at, end, changes, side, mark):
    """Print one file's lines of a hunk, if any of them changed."""
    if all(change[side] == change[side + 1] for change in changes):
        return
    for change in changes:
        put(b"  ", lines, at, change[side])
        both = change[0] != change[1] and change[2] != change[3]
        put(b"! " if both else mark, lines, change[side], change[side + 1])
        at = change[side + 1]
    put(b"  ", lines, at, end)


async def script(a, b, found):
    """Print an ed script, the last change first, so that line numbers stay valid."""
    out = cpu.current.stdout
    for start, end, begin, stop in reversed(found):
        if begin == stop:
            out.write(f"{span(start, end)}d\n")
            continue
        out.write(f"{start}a\n" if start == end else f"{span(start, end)}c\n")
        for i in range(begin, stop):
            line = b[i]
            if line.rstrip(b"\n") == b".":  # a lone dot would end the input mode
                line = b"..\n.\ns/.//\na\n" if i + 1 < stop else b"..\n.\ns/.//\n"
                out.write(line)
            else:
                out.write(line if line[-1:] == b"\n" else line + b"\n")
        if b[stop - 1].rstrip(b"\n") != b".":
            out.write(".\n")
        await asyncio.sleep_ms(0)
    for lines in (a, b):
        if len(lines) and lines[len(lines) - 1][-1:] != b"\n":
            complain(lines.name, NO_NEWLINE[2:-1].decode())


async def beside(a, b, found, columns, changed):
    """Print both texts side by side; changed: omit common lines."""
    second = (columns + _TAB + 3) // (2 * _TAB) * _TAB
    half = max(0, min(second - 3, columns - second))
    out = cpu.current.stdout

    def row(i, k, mark):
        """Print line i of the old text next to line k of the new one; None for no line."""
        text, at = _cut(a[i], half) if i is not None else ("", 0)
        if mark != " ":
            text += _gap(at, (half + second - 1) // 2) + mark
            at = (half + second - 1) // 2 + 1
        if k is not None:
            more = _cut(b[k], half)[0]
            text += _gap(at, second) + more if more or mark == " " and at else ""
        out.write(text + "\n")

    at = 0
    for start, end, begin, stop in found + [(len(a), len(a), len(b), len(b))]:
        for i in range(0 if changed else start - at):
            row(at + i, begin - (start - at) + i, " ")
        both = min(end - start, stop - begin)
        for i in range(both):
            row(start + i, begin + i, "|")
        for i in range(start + both, end):
            row(i, None, "<")
        for k in range(begin + both, stop):
            row(None, k, ">")
        at = end
        await asyncio.sleep_ms(0)


def _cut(line, most):
    """Return (text, columns) of the part of a line that fits."""
    from text.width import width as cells  # late: only for columns

    line = line.rstrip(b"\r\n")
    try:
        text = line.decode()
    except UnicodeError:
        from base.surrogates import loose  # late: rare

        text = loose(line)
    at = 0
    for i, c in enumerate(text):
        size = _TAB - at % _TAB if c == "\t" else cells(c)
        if at + size > most:
            return text[:i], at
        at += size
    return text, at


def _gap(at, to):
    """Return tabs and blanks from one column to another."""
    tabs = to // _TAB - at // _TAB
    return "\t" * tabs + " " * (to % _TAB if tabs else to - at)
