# Showing the changes between two texts (text.diff): as unified, normal and other formats of diff.

import asyncio

from process import cpu

NO_NEWLINE = b"\\ No newline at end of file\n"


def put(mark, lines, begin, end):
    """Print some lines with a mark in front."""
    out = cpu.current.stdout
    for i in range(begin, end):
        line = lines[i]
        out.write(mark + line)
        if line[-1:] != b"\n":
            out.write(b"\n" + NO_NEWLINE)


def span(begin, end):
    """A range in the normal format."""
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
    """A range in the unified format."""
    size = end - begin
    return f"{begin + 1}" if size == 1 else f"{begin + (size > 0)},{size}"


def hunks(a, b, found, around):
    """Changes close together, with the lines around: (start, end) in a, (begin, stop) in b, and the changes of each."""
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
    """title(line number) gives what stands behind the places of a hunk."""
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
    """Each line in the format for old, new or unchanged lines."""
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
