# The ex commands that change lines, or settings of the editor.

from base.errors import Failure
from edit import search
from edit.ex import Range, execute
from edit.motions import blank
from edit.operate import join, operate, put, shift

_OPTIONS = (("nu", "number"), ("ic", "ignorecase"), ("ai", "autoindent"), ("et", "expandtab"), ("ro", "readonly"))
_HELP = "i types, Esc ends that; x dd u p; :w writes, :q quits, :q! without writing (man vi)"


def change(ed, name, arg, text, lines):
    """Run a command that changes lines or settings; it never waits."""
    buffer = ed.buffer
    first, last = max(lines.first, 0), max(lines.last, 0)
    if name in ("d", "y", "j", "<", ">") and arg[:1].isdigit():
        words = arg.split()
        first, last = last, min(last + int(words[-1]) - 1, len(buffer) - 1)
    if name in ("d", "y"):
        if arg[:1].isalpha():
            ed.register = arg[0]
        operate(ed, name, first, 0, last, 0, True)
    elif name == "s":
        from edit.substitute import command  # late: only for :s

        command(ed, first, last, text)
    elif name == "&":
        from edit.substitute import substitute  # late: only for :&

        if not ed.replaced:
            raise Failure("", "no previous substitution")
        substitute(ed, first, last, ed.replaced[0], arg)
    elif name in ("<", ">"):
        shift(ed, first, last, 1 if name == ">" else -1)
        ed.row, ed.col = last, blank(buffer[last])
    elif name == "j":
        join(ed, first, last if last > first else first + 1)
    elif name == "pu":
        ed.row = first
        ed.register = arg[:1]
        put(ed, 1, lines.last >= 0)
    elif name in ("m", "t", "co"):
        to = Range(ed, arg).last + 1
        part = buffer.lines.get(first, last + 1)
        if name == "m":
            if first < to <= last:
                raise Failure("", "cannot move lines into themselves")
            buffer.change(first, last + 1, [])
            to -= len(part) if to > last else 0
        buffer.change(to, to, part)
        ed.row = to + len(part) - 1
        ed.col = blank(buffer[ed.row])
    elif name in ("k", "ma"):
        ed.marks[arg[:1]] = last, 0
    elif name == "se":
        _set(ed, arg)
    elif name == "u" or name == "red":
        ed.short("u" if name == "u" else "\x12", 1)
    elif name == "sy":
        from edit.view import language  # late: only for :syntax

        ed.view.set_language("" if arg == "off" else arg if arg in ("py", "sh") else language(buffer.path, buffer[0]))
    elif name == "=":
        ed.say(str(lines.last + 1 if lines.given else len(buffer)))
    elif name == "h":
        ed.say(_HELP)
    else:
        raise Failure("", "no such command: " + (name or text))


def each(ed, lines, name, force, text):
    """:g/pattern/command for each line that matches (:v that does not). A generator."""
    if not text:
        raise Failure("", "no pattern")
    pattern, rest = search.cut(text[1:], text[0])
    finder = search.compile(ed, pattern)
    wanted = (name == "g") != force
    first, last = (lines.first, lines.last) if lines.given else (0, len(ed.buffer) - 1)
    buffer = ed.buffer
    rows = [row for row in range(first, last + 1) if (finder.search(buffer[row]) is not None) == wanted]
    if not rows:
        raise Failure("", "not found: " + pattern)
    buffer.watched = rows
    try:
        for k in range(len(rows)):
            if rows[k] >= 0:
                ed.row, ed.col = rows[k], 0
                try:
                    yield from execute(ed, rest)
                except Failure as e:
                    if "not found" not in e.reason:
                        raise
                ed.clamp()
    finally:
        buffer.watched = ()


def _set(ed, arg):
    """:set nu, nonu, ts=4 ..."""
    for word in arg.split() or ["all"]:
        name, equals, value = word.partition("=")
        on = not name.startswith("no")
        name = name if on else name[2:]
        for short, whole in _OPTIONS:
            if name == whole:
                name = short
        if name == "nu":
            ed.view.numbers = on
        elif name == "ic":
            ed.fold = on
        elif name == "ai":
            ed.indents = on
        elif name == "ro":
            ed.readonly = on
        elif name == "et":
            ed.spaces = (ed.width or 4) if on else 0
        elif name in ("sw", "shiftwidth") and value.isdigit() and 0 < int(value) < 33:
            ed.width = int(value)
            ed.spaces = ed.width if ed.spaces else 0
        elif name == "all":
            on = ("no", "")
            ed.say(
                f"{on[ed.view.numbers]}nu {on[ed.fold]}ic {on[ed.indents]}ai {on[ed.spaces > 0]}et "
                f"{on[ed.readonly]}ro sw={ed.width or 4}"
            )
        else:
            raise Failure("", "no such option: " + word)
