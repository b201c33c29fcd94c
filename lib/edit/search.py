# Searching a text for a pattern: basic regular expressions.

from base.errors import Failure
from edit.cells import after
from edit.motions import kind


def compile(ed, text):
    """Return the Finder for a pattern; the last one for an empty text."""
    if text:
        from regex.finder import Finder  # late: loaded with the first search

        ed.finder = Finder(text, False, ed.fold)
    if not ed.finder:
        raise Failure("", "no previous pattern")
    return ed.finder


def cut(text, mark):
    """Return (the text before the first unescaped mark, the text after it)."""
    i = 0
    while i < len(text) and text[i] != mark:
        i += 2 if text[i] == "\\" else 1
    part = text[:i]
    if mark not in ".*[]^$\\":
        part = part.replace("\\" + mark, mark)
    return part, text[i + 1 :]


def seek(buffer, finder, row, col, forward, wraps=True):
    """Return (row, col) of the next match, or with forward False of the previous one, or None."""
    count = len(buffer)
    for turn in range(count + 1):
        at = (row + turn if forward else row - turn) % count
        if not wraps and turn and (at <= row if forward else at >= row):
            return None
        line = buffer[at]
        if forward:
            start = 0
            if not turn:
                start = after(line, col) if 0 <= col < len(line) else max(col, 0)
                if col >= 0 and col >= len(line):
                    continue
            found = finder.search(line, start)
            if found and (turn or found[0] >= start) and not (turn == count and found[0] > col):
                return at, found[0]
        else:
            last = None
            start = 0
            while start <= len(line) and (found := finder.search(line, start)):
                if not turn and found[0] >= col:
                    break
                last = found[0]
                start = after(line, last) if last < len(line) else len(line) + 1
            if last is not None:
                return at, last
    return None


def again(ed, count, forward, col):
    """Repeat the last search from col count times. Return (row, col, "e") or None."""
    finder = compile(ed, "")
    row = ed.row
    for _ in range(count):
        found = seek(ed.buffer, finder, row, col, forward)
        if not found:
            ed.say("not found: " + ed.pattern, True)
            return None
        if (found < (row, col)) == forward:
            ed.say("search wrapped")
        row, col = found
    return row, col, "e"


def word_at(ed):
    """Return (the pattern for the word at the cursor, its column), or raise Failure without one."""
    line = ed.buffer[ed.row]
    start = ed.col
    while start < len(line) and kind(line[start], False) != 1:
        start += 1
    end = start
    while start and kind(line[start - 1], False) == 1:
        start -= 1
    while end < len(line) and kind(line[end], False) == 1:
        end += 1
    if start == end:
        raise Failure("", "no word under the cursor")
    return "\\<" + line[start:end].decode() + "\\>", start
