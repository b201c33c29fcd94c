# The text objects of vi, `i` and `a` after an operator: a word (w W), quotes (" ' `), brackets, a paragraph (p).

from edit.motions import kind

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


def find(ed, how, c):
    """(row, col, row, col, whole lines) of an object, or None. how: i for inner, a for around."""
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
