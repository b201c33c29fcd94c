# The visual modes of vi.

from micropython import const

from edit.cells import after
from edit.insert import insert
from edit.operate import join, operate, put, shift, tilde

_COUNT_MAX = const(99999)


def select(ed, kind):
    """Select text, whole lines with V, then run a command on it. A generator."""
    ed.anchor = ed.row, ed.col
    count = 0
    while ed.anchor:
        ed.mode = "VISUAL LINE" if kind == "V" else "VISUAL"
        key = yield
        ed.message = ""
        if len(key) == 1 and key.isdigit() and (key != "0" or count):
            count = min(count * 10 + int(key), _COUNT_MAX)
            continue
        if key in ("\x1b", "\x03", kind):
            break
        if key in ("v", "V"):
            kind = key
        elif key == "o":
            ed.anchor, ed.row, ed.col = (ed.row, ed.col), ed.anchor[0], ed.anchor[1]
        elif key == '"':
            ed.register = yield
        elif len(key) == 1 and key in "dxDXycsCS<>J~pP:rYRuU":
            yield from _on_marked(ed, key, kind, count)
            break
        elif key in ("\x06", "pgdn", "\x02", "pgup", "\x04", "\x15", "\x05", "\x19"):
            ed.scroll(key, count)
        else:
            target = yield from ed.target(key, count)
            if target:
                ed.go(target)
                line = ed.buffer[ed.row]
                ed.col = min(ed.col, max(len(line) - 1, 0))
                ed.clamp()
        count = 0
    ed.mode = ""
    ed.anchor = None


def _on_marked(ed, key, kind, count):
    """Run a command of visual mode. A generator."""
    one, other = sorted((ed.anchor, (ed.row, ed.col)))
    row, end = one[0], other[0]
    ed.anchor = None
    ed.mode = ""
    whole = kind == "V" or key in "DXYSCR"
    line = ed.buffer[end]
    to = after(line, other[1]) if other[1] < len(line) else len(line)
    ed.row, ed.col = one
    if kind == "V":
        ed.col = 0
    if key == ":":
        from edit.ex import command  # late: only for :

        yield from command(ed, f"{row + 1},{end + 1}")
    elif key == "J":
        join(ed, row, max(end, row + 1))
    elif key in "~uU":
        for k in range(row, end + 1):
            size = len(ed.buffer[k])
            first = 0 if whole or k > row else one[1]
            last = size if whole or k < end else to
            if key == "~":
                tilde(ed, k, first, last)
            else:
                text = ed.buffer[k]
                part = text[first:last].lower() if key == "u" else text[first:last].upper()
                ed.buffer.change(k, k + 1, [text[:first] + part + text[last:]])
    elif key in "<>":
        shift(ed, row, end, (count or 1) * (1 if key == ">" else -1))
    elif key == "r":
        key = yield
        for k in range(row, end + 1):
            text = ed.buffer[k]
            first = 0 if whole or k > row else one[1]
            last = len(text) if whole or k < end else to
            size = len(str(text[first:last], "utf-8"))
            if len(key) == 1 and key >= " ":
                ed.buffer.change(k, k + 1, [text[:first] + key.encode() * size + text[last:]])
    elif key in "pP":
        kept = ed.kept(ed.register)
        operate(ed, "d", row, one[1], end, to, whole)
        ed.registers[ed.register] = kept
        put(ed, count or 1, whole and row >= len(ed.buffer))
    else:
        op = "y" if key in "yY" else "c" if key in "csCSR" else "d"
        operate(ed, op, row, one[1], end, to, whole)
        if op == "c":
            yield from insert(ed)
