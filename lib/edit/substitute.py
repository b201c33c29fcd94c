# :s - replace the matches of a pattern.

from base.errors import Failure
from edit import search
from edit.cells import after
from edit.motions import blank

_PARTS = 64  # pieces of a line before they are joined


def command(ed, first, last, text):
    """Run :s/pattern/text/flags, or :s and :s flags, which repeat the last one."""
    if text[:1] and not text[0].isalpha() and text[0] not in ' "\\':
        mark = text[0]
        pattern, rest = search.cut(text[1:], mark)
        new, flags = search.cut(rest, mark)
        search.compile(ed, pattern)
        ed.pattern = pattern or ed.pattern
        ed.replaced = (new, flags)
    elif not ed.replaced:
        raise Failure("", "no previous substitution")
    else:
        new, flags = ed.replaced[0], text.strip()
    substitute(ed, first, last, new, flags.strip())


def _parse(text):
    """Parse a replacement into bytes and group numbers."""
    parts = []
    i = 0
    data = text.encode()
    out = bytearray()
    while i < len(data):
        c = data[i]
        i += 1
        group = -1
        if c == 38:  # &
            group = 0
        elif c == 92 and i < len(data):
            c = data[i]
            i += 1
            if 48 <= c <= 57:
                group = c - 48
            elif c == 114 or c == 110:  # \r \n
                c = 10
            elif c == 116:
                c = 9
        if group < 0:
            out.append(c)
            continue
        if out:
            parts.append(bytes(out))
            out = bytearray()
        parts.append(group)
    if out:
        parts.append(bytes(out))
    return parts


def _replaced(finder, line, parts, everywhere):
    """Return (line with the matches replaced, their number)."""
    out = []
    start = copied = count = 0
    last = -1
    while start <= len(line) and (found := finder.search(line, start)):
        begin, end = found[0], found[1]
        start = end
        if begin == end:
            start = after(line, end) if end < len(line) else end + 1
            if begin == last:
                continue
        last = end
        count += 1
        out.append(line[copied:begin])
        for part in parts:
            if isinstance(part, int):
                part = line[found[2 * part] : found[2 * part + 1]] if found[2 * part] >= 0 else b""
            out.append(part)
        copied = end
        if len(out) > _PARTS:
            out = [b"".join(out)]
        if not everywhere:
            break
    out.append(line[copied:])
    return b"".join(out), count


def substitute(ed, first, last, text, flags):
    """Substitute in the lines from first to last. flags: g for every match in a line, i to ignore case."""
    if flags.strip("giIn&c"):
        raise Failure("", "no such flag: " + flags)
    finder = ed.finder
    if "i" in flags and ed.pattern:
        from regex.finder import Finder  # late: only for the flag i

        finder = Finder(ed.pattern, False, True)
    if not finder:
        raise Failure("", "no previous pattern")
    parts = _parse(text)
    if max([part for part in parts if isinstance(part, int)] or [0]) > finder.groups:
        raise Failure("", "no such group in the pattern")
    buffer = ed.buffer
    count = lines = 0
    row = first
    while row <= last:
        line, found = _replaced(finder, buffer[row], parts, "g" in flags)
        if found:
            count += found
            lines += 1
            if "n" not in flags:
                new = line.split(b"\n")
                buffer.change(row, row + 1, new)
                row += len(new) - 1
                last += len(new) - 1
                ed.row, ed.col = row, blank(buffer[row])
        row += 1
    if not count:
        raise Failure("", "not found: " + ed.pattern)
    if count > 2 or "n" in flags:
        ed.say(f"{count} replaced in {lines} lines" if "n" not in flags else f"{count} matches in {lines} lines")
