# The operators and short commands of vi, and its text objects: `i` and `a` after an operator: a word (w W), quotes (" ' `),
# brackets, a paragraph (p).

from edit.cells import TAB, after, before, cell_of
from edit.motions import blank, kind

_BRACKETS = {
    "(": "()",
    ")": "()",
    "b": "()",
    "[": "[]",
    "]": "[]",
    "{": "{}",
    "}": "{}",
    "B": "{}",
    "<": "<>",
    ">": "<>",
}

_WIDTH = 4  # cells of an indent
_LOOK = 500  # lines searched for the first indented one
_LINES = 64  # lines inserted at a time: a long list needs contiguous memory


def span(ed, op, key, target):
    """Return (row, col, row, col, whole lines) of an operator from the cursor to the target of a motion."""
    buffer = ed.buffer
    row, col, kind = target
    one, other = (ed.row, ed.col), (row, col or 0)
    if kind == "l":
        return min(one[0], row), 0, max(one[0], row), 0, True
    if other < one:
        one, other = other, one
    row, col = other
    line = buffer[row]
    col = min(col, len(line))
    if kind == "i":
        col = after(line, col) if col < len(line) else col
    elif key in ("w", "W", "C-right") and row > one[0] and not line[:col].strip():
        while True:  # end on the previous line, without the indent of this one
            row -= 1
            col = len(buffer[row])
            if row == one[0] or col:
                break
    elif not col and row > one[0]:
        row -= 1
        col = len(buffer[row])
        if one[1] <= blank(buffer[one[0]]):
            return one[0], 0, row, 0, op != "c" or key in "{}"
    if op == "d" and row > one[0] and one[1] <= blank(buffer[one[0]]) and not buffer[row][col:].strip():
        return one[0], 0, row, 0, True
    return one[0], one[1], row, col, False


def cut_out(buffer, row, col, end, to, whole):
    """Return the lines of a span."""
    lines = buffer.lines.get(row, end + 1) or [b""]
    if not whole:
        lines[-1] = lines[-1][:to]
        lines[0] = lines[0][col:]
    return lines


def operate(ed, op, row, col, end, to, whole):
    """Apply d, c, y, < or > to a span."""
    buffer = ed.buffer
    end = min(end, len(buffer) - 1)
    if op in "<>":
        shift(ed, row, end, 1 if op == ">" else -1)
        return
    if op == "y":
        ed.keep(cut_out(buffer, row, col, end, to, whole), whole, True)
        ed.row = row
        if not whole:
            ed.col = col
        return
    if whole:
        old = buffer.change(
            row, end + 1, [buffer[row][: blank(buffer[row])] if ed.indents else b""] if op == "c" else []
        )
        ed.keep(old, True)
        ed.row = min(row, len(buffer) - 1)
        ed.col = blank(buffer[ed.row])
    else:
        ed.row, ed.col = row, col
        old = cut_out(buffer, row, col, end, to, False)
        if old == [b""]:
            return
        head, tail = buffer[row][:col], buffer[end][to:]
        buffer.change(row, end + 1, [head + tail])
        ed.keep(old, False)


def has_tabs(ed):
    """Return whether the first indented line of the text begins with a Tab."""
    for row in range(min(len(ed.buffer), _LOOK)):
        if ed.buffer[row][:1] in (b"\t", b" "):
            return ed.buffer[row][:1] == b"\t"
    return False


def shift(ed, row, end, by):
    """Indent lines, or unindent them (by < 0)."""
    width = ed.width or (TAB if has_tabs(ed) else _WIDTH)
    lines = []
    for k in range(row, end + 1):
        line = ed.buffer[k]
        lead = blank(line)
        cells = max(cell_of(line, lead) + by * width, 0)
        head = b" " * cells if ed.spaces else b"\t" * (cells // TAB) + b" " * (cells % TAB)
        lines.append(head + line[lead:] if lead < len(line) else b"")
    if lines != ed.buffer.lines.get(row, end + 1):
        ed.buffer.change(row, end + 1, lines)
    ed.row, ed.col = row, blank(ed.buffer[row])


def put(ed, count, append):
    """p and P: put the register after or before the cursor."""
    lines, whole = ed.kept(ed.register)
    buffer, row, col = ed.buffer, ed.row, ed.col
    if lines is None:
        return ed.fail("nothing to put")
    if whole:
        at = row + 1 if append else row
        ed.row = at
        if not buffer.lines.total:
            buffer.change(0, 0, [b""] + lines if append else lines + [b""])
            count -= 1
        step = _LINES // len(lines) + 1
        while count:
            new = lines * min(step, count)
            buffer.change(at, at, new)
            at += len(new)
            count -= min(step, count)
        ed.col = blank(buffer[ed.row])
        return
    line = buffer[row]
    if append and col < len(line):
        col = after(line, col)
    new = list(lines)
    for _ in range(count - 1):
        new[-1] += lines[0]
        new.extend(lines[1:])
    size = len(new[-1])
    new[0] = line[:col] + new[0]
    if len(new) == 1:
        ed.col = before(line[:col] + new[0], len(new[0])) if size else col
    else:
        ed.col = min(col, len(new[0]))
    new[-1] += line[col:]
    buffer.change(row, row + 1, new)


def join(ed, row, end):
    """J: join lines with a blank between."""
    buffer = ed.buffer
    end = min(end, len(buffer) - 1)
    if end <= row:
        return ed.fail()
    line = buffer[row]
    at = len(line)
    for k in range(row + 1, end + 1):
        more = buffer[k].lstrip()
        at = len(line)
        if line and more and line[-1] not in b" \t" and more[0] != 41:  # )
            line += b" "
        line += more
    buffer.change(row, end + 1, [line])
    ed.row, ed.col = row, at


def tilde(ed, row, start, end):
    """~: toggle the case."""
    line = ed.buffer[row]
    new = bytearray(line)
    for k in range(start, min(end, len(line))):
        if new[k] < 128 and chr(new[k]).isalpha():
            new[k] ^= 32
    ed.buffer.change(row, row + 1, [bytes(new)])


def replace(ed, key, count):
    """r: replace characters by another one."""
    line = ed.buffer[ed.row]
    end = ed.col
    for _ in range(count):
        if end >= len(line):
            return ed.fail()
        end = after(line, end)
    if key in ("\r", "\n"):
        ed.buffer.change(ed.row, ed.row + 1, [line[: ed.col] + line[end:]])
        ed.newline()
    elif len(key) == 1:
        new = key.encode() * count
        ed.buffer.change(ed.row, ed.row + 1, [line[: ed.col] + new + line[end:]])
        ed.col += len(new) - len(key.encode())


def text_object(ed, how, c):
    """Return (row, col, row, col, whole lines) of an object, or None. how: i for inner, a for around."""
    buffer, row, col = ed.buffer, ed.row, ed.col
    line = buffer[row]
    if c == "p":
        first = last = row
        empty = not line
        while first and (not buffer[first - 1]) == empty:
            first -= 1
        while last + 1 < len(buffer) and (not buffer[last + 1]) == empty:
            last += 1
        while how == "a" and last + 1 < len(buffer) and (not buffer[last + 1]) != empty:
            last += 1
        return first, 0, last, 0, True
    if c in ("w", "W"):
        return _word(line, row, col, how, c == "W")
    if c in ('"', "'", "`"):
        places = []
        at = line.find(c.encode())
        while at >= 0:
            if not at or line[at - 1] != 92:
                places.append(at)
            at = line.find(c.encode(), at + 1)
        for k in range(0, len(places) - 1, 2):
            if col <= places[k + 1]:
                first, last = places[k], places[k + 1]
                return (row, first + 1, row, last, False) if how == "i" else (row, first, row, last + 1, False)
        return None
    if c in _BRACKETS:
        return _inside(buffer, row, col, how, _BRACKETS[c].encode())
    return None


def _word(line, row, col, how, big):
    if not line:
        return None
    was = kind(line[col], big)
    first = last = col
    while first and kind(line[first - 1], big) == was:
        first -= 1
    while last < len(line) and kind(line[last], big) == was:
        last += 1
    if how == "a":
        end = last
        while end < len(line) and not kind(line[end], big) and was:
            end += 1
        if end == last and was:
            while first and not kind(line[first - 1], big):
                first -= 1
        last = end
    return row, first, row, last, False


def _inside(buffer, row, col, how, pair):
    opening, closing = pair
    places = []
    for step in (-1, 1):
        at, k, depth = row, col, 0
        line = buffer[at]
        if step > 0 and k < len(line) and line[k] == opening:
            k += 1
        if step < 0 and k < len(line) and line[k] == closing:
            k -= 1
        while True:
            if not 0 <= k < len(line):
                at += step
                if not 0 <= at < len(buffer):
                    return None
                line = buffer[at]
                k = 0 if step > 0 else len(line) - 1
                continue
            c = line[k]
            if c == (opening if step < 0 else closing):
                if not depth:
                    break
                depth -= 1
            elif c == (closing if step < 0 else opening):
                depth += 1
            k += step
        places.append((at, k))
    (first, start), (last, end) = places
    if how == "a":
        return first, start, last, end + 1, False
    return first, start + 1, last, end, False
