# The commands of ed, and those that print and change lines.

from base.errors import Failure
from lineeditor import INVALID, files, refuse

_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 92: "\\\\", 36: "\\$"}


async def execute(editor, line):
    """Execute a command."""
    editor.line, editor.at = line, 0
    first, last, given = editor.addresses()
    editor.skip()
    letter = editor.take()
    if letter not in ("q", "e"):
        editor.warned = False
    work = _COMMANDS.get(letter)
    if not work:
        raise Failure("", "Unknown command")
    waiting = work(editor, first, last, given)
    if waiting:
        await waiting


def need(first):
    """A command does not take the address 0."""
    if not first:
        raise Failure("", INVALID)


def suffix(editor):
    """The letters behind a command that show the current line: p, n and l."""
    letters = ""
    while editor.peek() and editor.peek() in "pnl":
        letters += editor.take()
    editor.skip()
    if editor.peek():
        raise Failure("", "Invalid command suffix")
    return letters


def show(editor, first, last, letters):
    """Print lines."""
    for at in range(first, last + 1):
        line = editor.text.lines[at - 1]
        if "n" in letters:
            editor.process.stdout.write(f"{at}\t")
        if "l" in letters:
            editor.say("".join([_escaped(c) for c in line]) + "$")
        else:
            editor.process.stdout.write(line + b"\n")
    editor.text.current = last


def _escaped(c):
    return _ESCAPES.get(c) or (chr(c) if 32 <= c < 127 else f"\\{c:03o}")


def finish(editor, letters):
    """After a change: show the current line if the suffix says so."""
    if letters:
        need(editor.text.current)
        show(editor, editor.text.current, editor.text.current, letters)


def print_lines(editor, first, last, given):
    editor.at -= 1
    letters = suffix(editor)
    need(first)
    show(editor, first, last, letters)


def print_next(editor, first, last, given):
    """An empty command: the next line, or the one that is addressed."""
    if not given:
        last = editor.text.current + 1
        if last > len(editor.text.lines):
            raise Failure("", INVALID)
    need(last)
    show(editor, last, last, "p")


def print_number(editor, first, last, given):
    letters = suffix(editor)
    editor.say(str(last if given else len(editor.text.lines)))
    finish(editor, letters)


# --- changes


async def add(editor, first, last, given):
    """a, i and c: lines of input up to one with a single dot."""
    letter = editor.line[editor.at - 1]
    letters = suffix(editor)
    text = editor.text
    if letter == "c":
        need(first)
    at = first - 1 if letter == "c" else last if letter == "a" else max(last - 1, 0)
    count = last - first + 1 if letter == "c" else 0
    new = []
    while True:
        line = await editor.more()
        if line is None or line == ".":
            break
        new.append(_encoded(line))
    text.replace(at, count, new)
    if new:
        text.current = at + len(new)
    elif letter == "c":
        text.current = min(at + 1, len(text.lines))
    else:
        text.current = last
    finish(editor, letters)


def _encoded(text):
    try:
        return text.encode()
    except UnicodeError:
        from base.surrogates import exact  # late: rare

        return exact(text)


def delete(editor, first, last, given):
    letters = suffix(editor)
    need(first)
    editor.text.replace(first - 1, last - first + 1, [])
    editor.text.current = min(first, len(editor.text.lines))
    finish(editor, letters)


def join(editor, first, last, given):
    letters = suffix(editor)
    if not given:
        last = first + 1
    need(first)
    if last > len(editor.text.lines):
        raise Failure("", INVALID)
    if last > first:
        editor.text.replace(first - 1, last - first + 1, [b"".join(editor.text.lines[first - 1 : last])])
        editor.text.current = first
    finish(editor, letters)


def move(editor, first, last, given):
    """m and t: lines behind another one."""
    letter = editor.line[editor.at - 1]
    need(first)
    to = editor.address()
    if to is None:
        to = editor.text.current
    letters = suffix(editor)
    text = editor.text
    if not 0 <= to <= len(text.lines) or (letter == "m" and first <= to < last):
        raise Failure("", "Invalid destination")
    some = text.lines[first - 1 : last]
    count = len(some)
    if letter == "m":
        if to == last:
            text.current = last
            return finish(editor, letters)
        text.replace(first - 1, count, [])
        if to >= last:
            to -= count
    text.replace(to, 0, some)
    text.current = to + count
    finish(editor, letters)


def mark(editor, first, last, given):
    name = editor.take()
    if not "a" <= name <= "z":
        raise Failure("", "Invalid mark character")
    suffix(editor)
    need(last)
    editor.text.marks[name] = last


def undo(editor, first, last, given):
    refuse(given)
    letters = suffix(editor)
    if not editor.text.log:
        raise Failure("", "Nothing to undo")
    editor.text.undo()
    finish(editor, letters)


# --- s


async def substitute(editor, first, last, given):
    need(first)
    delimiter = editor.peek()
    if not delimiter or delimiter in "gpnlr\n" or delimiter.isdigit():
        if not editor.parts or not editor.finder:
            raise Failure("", "No previous substitution")
    else:
        if delimiter == " ":
            raise Failure("", "Invalid pattern delimiter")
        editor.at += 1
        editor.expression(delimiter)
        await replacement(editor, delimiter)
    everywhere, number, letters = False, 1, ""
    while editor.peek():
        c = editor.peek()
        if c.isdigit():
            number = editor.number()
            continue
        editor.at += 1
        if c == "g":
            everywhere = True
        elif c in "pnl":
            letters += c
        elif c != "r":
            raise Failure("", "Invalid command suffix")
    text = editor.text
    done = 0
    at = first
    for _ in range(last - first + 1):
        new = changed(editor, text.lines[at - 1], everywhere, number)
        if new is None:
            at += 1
            continue
        text.replace(at - 1, 1, new)
        at += len(new)
        done = at - 1
    if done:
        text.current = done
        finish(editor, letters)
    elif editor.commands is None:
        raise Failure("", "No match")


async def replacement(editor, delimiter):
    """Read the replacement, which may go on in the next lines."""
    parts = []
    text = ""
    closed = False
    while not closed:
        if editor.at >= len(editor.line):
            break
        c = editor.take()
        if c == delimiter:
            closed = True
        elif c == "&":
            parts += [text, 0]
            text = ""
        elif c == "\\":
            c = editor.take()
            if not c:
                following = await editor.more()
                editor.line, editor.at = following or "", 0
                text += "\n"
                if not following:
                    break
            elif c.isdigit():
                parts += [text, int(c)]
                text = ""
            else:
                text += c
        else:
            text += c
    if parts or text != "%" or not editor.parts:
        editor.parts = parts + [text]
    if not closed:  # s/a/b alone prints
        editor.line += "p"


def changed(editor, line, everywhere, number):
    """The lines that a line becomes; None if nothing matches."""
    out = []
    copied = count = 0
    for found in editor.finder.matches(line):
        count += 1
        if count < number:
            continue
        out.append(line[copied : found[0]])
        for part in editor.parts:
            if isinstance(part, int):
                if 2 * part + 1 >= len(found):
                    raise Failure("", "Invalid back-reference")
                part = line[found[2 * part] : found[2 * part + 1]] if found[2 * part] >= 0 else b""
            else:
                part = _encoded(part)
            out.append(part)
        copied = found[1]
        if not everywhere:
            break
    if not out:
        return None
    out.append(line[copied:])
    return b"".join(out).split(b"\n")


# --- g and v


async def each_match(editor, first, last, given):
    """Execute commands on the lines that match (g), or on the others (v)."""
    if editor.commands is not None:
        raise Failure("", "Cannot nest global commands")
    want = editor.line[editor.at - 1] == "g"
    if not given:
        first, last = 1, len(editor.text.lines)
    delimiter = editor.take()
    if not delimiter or delimiter == " ":
        raise Failure("", "Invalid pattern delimiter")
    finder = editor.expression(delimiter)
    lines = [editor.line[editor.at :]]
    while lines[-1][-1:] == "\\":
        lines[-1] = lines[-1][:-1]
        following = await editor.more()
        if following is None:
            break
        lines.append(following)
    if lines == [""]:
        lines = ["p"]
    text = editor.text
    need(first)
    text.waiting = [n for n in range(first, last + 1) if bool(finder.search(text.lines[n - 1])) == want]
    try:
        while text.waiting:
            text.current = text.waiting.pop(0)
            editor.commands = list(lines)
            while editor.commands:
                await execute(editor, editor.commands.pop(0))
    finally:
        editor.commands = None
        text.waiting = []


def leave(editor, first, last, given):
    refuse(given)
    suffix(editor)
    if editor.line[editor.at - 1 :][:1] == "q" and not editor.may_leave():
        raise Failure("", editor.message)
    editor.ended = True


def explain(editor, first, last, given):
    """h: why the last command has failed; H: from now on, or no more."""
    refuse(given)
    if editor.line[editor.at - 1] == "H":
        editor.explaining = not editor.explaining
        if not editor.explaining:
            return
    if editor.message:
        editor.say(editor.message)


def prompt(editor, first, last, given):
    refuse(given)
    suffix(editor)
    editor.prompting = not editor.prompting


def comment(editor, first, last, given):
    pass


_COMMANDS = {
    "": print_next,
    "p": print_lines,
    "n": print_lines,
    "l": print_lines,
    "=": print_number,
    "a": add,
    "i": add,
    "c": add,
    "d": delete,
    "j": join,
    "m": move,
    "t": move,
    "k": mark,
    "u": undo,
    "s": substitute,
    "g": each_match,
    "v": each_match,
    "r": files.read_file,
    "e": files.edit,
    "E": files.edit,
    "w": files.write,
    "W": files.write,
    "f": files.file_name,
    "!": files.shell,
    "q": leave,
    "Q": leave,
    "h": explain,
    "H": explain,
    "P": prompt,
    "#": comment,
}
