# The insert mode of vi, and the commands that enter it.

from micropython import const

from edit.cells import after, before
from edit.motions import blank, motion
from edit.operate import operate, shift

_KEYS_MAX = const(500)  # keys that a count can repeat


def command(ed, key, count):
    """i a I A o O s S C R. A generator."""
    row, col = ed.row, ed.col
    line = ed.buffer[row]
    lead = None
    if key == "a" and col < len(line):
        ed.col = after(line, col)
    elif key == "I":
        ed.col = blank(line)
    elif key == "A":
        ed.col = len(line)
    elif key in "oO":
        lead = "\r"
        ed.col = len(line)
        if key == "O" and row:
            head = line[: blank(line)] if ed.indents else b""
            ed.buffer.change(row, row, [head])
            ed.col = len(head)
        elif key == "O":
            head = line[: blank(line)] if ed.indents else b""
            ed.buffer.change(0, 0, [head] if ed.buffer.lines.total else [b"", b""])
            ed.row, ed.col = 0, len(head)
        else:
            ed.newline()
    elif key == "s":
        end = col
        for _ in range(count or 1):
            if end < len(line):
                end = after(line, end)
        operate(ed, "c", row, col, row, end, False)
        count = 1
    elif key in "SC":
        end = min(row + (count or 1), len(ed.buffer)) - 1
        if key == "S":
            operate(ed, "c", row, 0, end, 0, True)
        else:
            operate(ed, "c", row, col, end, len(ed.buffer[end]), False)
        count = 1
    yield from insert(ed, count, lead, key == "R")


def insert(ed, count=1, lead=None, over=False):
    """Insert until Esc; lead precedes the text when count repeats it. A generator."""
    ed.mode = "REPLACE" if over else "INSERT"
    typed = []
    ed.start = ed.row, ed.col
    alone = lead is not None  # nothing was typed after the indent
    while True:
        key = yield
        ed.message = ""
        if key in ("\x1b", "\x03"):
            break
        alone = key in ("\r", "\n")
        if key == "paste":
            yield from ed.paste()
            typed = None
        elif key == "\x16":
            key = yield
            ed.put(key if len(key) == 1 else "")
        elif not press(ed, key, over):
            target = motion(ed, key, 0, None) if len(key) > 1 else None
            if target:
                ed.go(target)
            typed = None
            continue
        ed.want = None
        if typed is not None and len(typed) < _KEYS_MAX:
            typed.append(key)
    for _ in range((count or 1) - 1 if typed else 0):
        if lead:
            ed.col = len(ed.buffer[ed.row])
            ed.newline()
        for key in typed:
            press(ed, key, over)
    line = ed.buffer[ed.row]
    if ed.col and alone and not line.strip() and ed.col == len(line):
        ed.buffer.change(ed.row, ed.row + 1, [b""])
        ed.col = 0
    ed.col = before(line, ed.col) if ed.col else 0
    ed.mode = ""


def press(ed, key, over):
    """Handle a key of insert mode. Return False if it inserts nothing."""
    row, col = ed.row, ed.col
    line = ed.buffer[row]
    if key in ("\r", "\n"):
        ed.newline()
    elif key == "\t":
        ed.tab()
    elif key in ("\x7f", "\b"):
        if over:
            ed.col = before(line, col) if col else 0
        else:
            ed.erase()
    elif key == "delete":
        ed.delete()
    elif key in ("\x17", "\x15"):
        at = first = ed.start[1] if ed.start[0] == row and ed.start[1] < col else 0
        if key == "\x17":
            at = len(line[:col].rstrip())
            while at and line[at - 1] not in b" \t":
                at -= 1
            at = max(at, first)
        ed.buffer.change(row, row + 1, [line[:at] + line[col:]])
        ed.col = at
    elif key in ("\x14", "\x04"):
        size = len(line)
        shift(ed, row, row, 1 if key == "\x14" else -1)
        ed.col = max(col + len(ed.buffer[row]) - size, 0)
    elif len(key) == 1 and key >= " ":
        if over and col < len(line):
            ed.buffer.change(row, row + 1, [line[:col] + line[after(line, col) :]])
        ed.put(key)
    else:
        return False
    return True
