# The older formats of diff: with lines around (-c), a script for ed (-e), and side by side (-y).

import asyncio

from micropython import const

from process import cpu
from program import complain
from text.diffshow import NO_NEWLINE, hunks, put, span
from text.width import width as cells

_TAB = const(8)


async def context(a, b, found, around, title):
    """Hunks with the old lines above the new ones; title(line number) gives what stands behind the stars."""
    out = cpu.current.stdout
    for start, end, begin, stop, changes in hunks(a, b, found, around):
        out.write(f"***************{title(start)}\n*** {span(start, end)} ****\n")
        _half(a, start, end, changes, 0, b"- ")
        out.write(f"--- {span(begin, stop)} ----\n")
        _half(b, begin, stop, changes, 2, b"+ ")
        await asyncio.sleep_ms(0)


def _half(lines, at, end, changes, side, mark):
    """One text's lines of a hunk, if any of them has changed."""
    if all(change[side] == change[side + 1] for change in changes):
        return
    for change in changes:
        put(b"  ", lines, at, change[side])
        both = change[0] != change[1] and change[2] != change[3]
        put(b"! " if both else mark, lines, change[side], change[side + 1])
        at = change[side + 1]
    put(b"  ", lines, at, end)


async def script(a, b, found):
    """Commands for ed, the last change first, so that the numbers stay right."""
    out = cpu.current.stdout
    for start, end, begin, stop in reversed(found):
        if begin == stop:
            out.write(f"{span(start, end)}d\n")
            continue
        out.write(f"{start}a\n" if start == end else f"{span(start, end)}c\n")
        for i in range(begin, stop):
            line = b[i]
            if line.rstrip(b"\n") == b".":  # which would end the text
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
    """Both texts in columns; changed: without the lines that are the same."""
    second = (columns + _TAB + 3) // (2 * _TAB) * _TAB
    half = max(0, min(second - 3, columns - second))
    out = cpu.current.stdout

    def row(i, k, mark):
        """Line i of the old text and line k of the new one; None for no line."""
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
    """(text, columns) of as much of a line as fits."""
    line = line.rstrip(b"\r\n")
    try:
        text = line.decode()
    except UnicodeError:
        from text.escapes import loose

        text = loose(line)
    at = 0
    for i, c in enumerate(text):
        size = _TAB - at % _TAB if c == "\t" else cells(c)
        if at + size > most:
            return text[:i], at
        at += size
    return text, at


def _gap(at, to):
    """Tabs and blanks from one column to another."""
    tabs = to // _TAB - at // _TAB
    return "\t" * tabs + " " * (to % _TAB if tabs else to - at)
