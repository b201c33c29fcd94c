# The motions of vi: from the cursor to (row, col, kind). kind is "l" for linewise, "i" for inclusive, "e" for exclusive
# motions.

from micropython import const

from edit.cells import after, at_cell, before

FAR = const(1 << 28)  # a column beyond the end of every line

_PAIRS = b"()[]{}"


def blank(line):
    """Return the index of the first nonblank character."""
    return len(line) - len(line.lstrip())


def kind(c, big):
    """Return the class of a character: 0 blank, 1 word, 2 punctuation; big: all nonblanks are words."""
    if c == 32 or c == 9:
        return 0
    return 1 if big or c > 127 or c == 95 or 48 <= c <= 57 or 65 <= c <= 90 or 97 <= c <= 122 else 2


def word(buffer, row, col, big):
    """Return the beginning of the next word."""
    line = buffer[row]
    if col < len(line):
        was = kind(line[col], big)
        while was and col < len(line) and kind(line[col], big) == was:
            col += 1
    while True:
        while col < len(line) and not kind(line[col], big):
            col += 1
        if col < len(line) or row + 1 == len(buffer):
            return row, col
        row, col = row + 1, 0
        line = buffer[row]
        if not line:
            return row, 0


def word_end(buffer, row, col, big, stay=False):
    """Return the last character of the word, or of the next one if the cursor is there already, unless stay is set."""
    line = buffer[row]
    if not stay and col < len(line):
        col = after(line, col)
    while True:
        while col < len(line) and not kind(line[col], big):
            col += 1
        if col < len(line):
            break
        if row + 1 == len(buffer):
            return row, before(line, len(line))
        row, col = row + 1, 0
        line = buffer[row]
    was = kind(line[col], big)
    while col + 1 < len(line) and kind(line[col + 1], big) == was:
        col += 1
    return row, before(line, col + 1)


def word_before(buffer, row, col, big):
    """Return the beginning of the word, or of the previous one if the cursor is there already."""
    line = buffer[row]
    while True:
        while col and not kind(line[col - 1], big):
            col -= 1
        if col:
            break
        if not row:
            return 0, 0
        row -= 1
        line = buffer[row]
        col = len(line)
        if not line:
            return row, 0
    was = kind(line[col - 1], big)
    while col and kind(line[col - 1], big) == was:
        col -= 1
    return row, col


def paragraph(buffer, row, step):
    """Return the next empty line, or the end."""
    last = len(buffer) - 1
    while 0 <= row <= last and not buffer[row]:
        row += step
    while 0 <= row <= last and buffer[row]:
        row += step
    if row < 0:
        return 0, 0
    return (row, 0) if row <= last else (last, before(buffer[last], len(buffer[last])))


def pair(buffer, row, col):
    """Return the match of the next bracket in the line, or None."""
    line = buffer[row]
    while col < len(line) and line[col] not in _PAIRS:
        col += 1
    if col >= len(line):
        return None
    one = line[col]
    at = _PAIRS.find(bytes((one,)))
    other = _PAIRS[at ^ 1]
    step = -1 if at & 1 else 1
    depth = 0
    while True:
        while 0 <= col < len(line):
            c = line[col]
            if c == one:
                depth += 1
            elif c == other:
                depth -= 1
                if not depth:
                    return row, col
            col += step
        row += step
        if not 0 <= row < len(buffer):
            return None
        line = buffer[row]
        col = 0 if step > 0 else len(line) - 1


def find(line, col, how, c, count, again=False):
    """Return the target column of f F t T, or None."""
    c = c.encode()
    for turn in range(count):
        if how in "ft":
            start = after(line, col) if col < len(line) else col
            if how == "t" and (again or turn):
                start = after(line, start) if start < len(line) else start
            col = line.find(c, start)
        else:
            end = before(line, col) if how == "T" and (again or turn) else col
            col = line.rfind(c, 0, end)
        if col < 0:
            return None
        if how == "t":
            col = before(line, col)
        elif how == "T":
            col = after(line, col)
    return col


_DOWN = ("j", "down", "\x0e", "\n")
_UP = ("k", "up", "\x10")
_OF_LINES = _DOWN + _UP + ("+", "\r", "-", "_", "G", "gg", "C-home", "C-end", "H", "M", "L")


def line_motion(ed, key, count):
    """motion() for the keys that go to another line."""
    n = count or 1
    last = len(ed.buffer) - 1
    if key in _DOWN or key in _UP:
        to = ed.row + n if key in _DOWN else ed.row - n
        return (to, None, "l") if 0 <= to <= last else None
    if key in "+\r-_":
        to = ed.row + (n if key in "+\r" else -n if key == "-" else n - 1)
        if not 0 <= to <= last:
            return None
    elif key in "HML":
        size = min(ed.view.height, last - ed.view.top + 1)
        to = ed.view.top + (n - 1 if key == "H" else size // 2 if key == "M" else size - n)
        to = min(max(to, 0), last)
    else:
        to = min(count - 1, last) if count else last if key in ("G", "C-end") else 0
    return to, blank(ed.buffer[to]), "l"


def motion(ed, key, count, arg):
    """Return the target of a motion, or None. count is 0 if none was given; arg is the character of f."""
    if key in _OF_LINES:
        return line_motion(ed, key, count)
    buffer, row, col = ed.buffer, ed.row, ed.col
    line = buffer[row]
    n = count or 1
    last = len(buffer) - 1
    if key in ("h", "left", "\x7f", "\b"):
        if not col:
            return None
        for _ in range(n):
            col = before(line, col)
        return row, col, "e"
    if key in ("l", "right", " "):
        if col >= len(line):
            return None
        for _ in range(n):
            if col < len(line):
                col = after(line, col)
        return row, col, "e"
    if key in ("0", "home"):
        return row, 0, "e"
    if key == "^":
        return row, blank(line), "e"
    if key in ("$", "end"):
        return (row + n - 1, FAR, "i") if row + n - 1 <= last else None
    if key == "|":
        return row, at_cell(line, n - 1), "e"
    if key in ("w", "W", "C-right", "b", "B", "C-left", "e", "E"):
        step = word if key in ("w", "W", "C-right") else word_end if key in "eE" else word_before
        for _ in range(n):
            row, col = step(buffer, row, col, key in "WBE")
        return None if (row, col) == (ed.row, ed.col) else (row, col, "i" if key in "eE" else "e")
    if key in ("{", "}"):
        for _ in range(n):
            row, col = paragraph(buffer, row, 1 if key == "}" else -1)
        return row, col, "e" if not buffer[row] or not row else "i"
    if key == "%":
        found = pair(buffer, row, col)
        return found and found + ("i",)
    if key in ("f", "F", "t", "T", ";", ","):
        again = key in ";,"
        if again:
            if not ed.sought:
                return None
            how, arg = ed.sought
            key = how if key == ";" else how.lower() if how in "FT" else how.upper()
        else:
            ed.sought = key, arg
        col = find(line, col, key, arg, n, again)
        return None if col is None else (row, col, "i" if key in "ft" else "e")
    if key in ("'", "`"):
        to = ed.marks.get(arg)
        if to is None or to[0] > last:
            return None
        return (to[0], blank(buffer[to[0]]), "l") if key == "'" else (to[0], to[1], "e")
    return None
