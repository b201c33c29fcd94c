# The commands of vi that begin with a colon.

from base.errors import Failure, reason
from base.paths import basename, exists
from edit import search
from edit.buffer import each
from edit.motions import blank
from process import cpu

# (shortest form, whole name)
_NAMES = (
    ("w", "write"),
    ("q", "quit"),
    ("wq", "wq"),
    ("x", "xit"),
    ("x", "exit"),
    ("wqa", "wqall"),
    ("xa", "xall"),
    ("qa", "qall"),
    ("wa", "wall"),
    ("e", "edit"),
    ("st", "stop"),
    ("sus", "suspend"),
    ("r", "read"),
    ("s", "substitute"),
    ("g", "global"),
    ("v", "vglobal"),
    ("d", "delete"),
    ("y", "yank"),
    ("pu", "put"),
    ("m", "move"),
    ("t", "t"),
    ("co", "copy"),
    ("j", "join"),
    ("k", "k"),
    ("ma", "mark"),
    ("se", "set"),
    ("n", "next"),
    ("N", "Next"),
    ("prev", "previous"),
    ("f", "file"),
    ("u", "undo"),
    ("red", "redo"),
    ("sy", "syntax"),
    ("h", "help"),
)


def command(ed, before="", text=""):
    """Ask for a command and run it. A generator."""
    ed.mode = ""
    text = yield from ed.ask(":", before + text)
    if text:
        try:
            yield from execute(ed, text)
        except Failure as e:
            ed.say(reason(e), True)
            ed.queue = []


class Range:
    """The address range at the beginning of a command."""

    def __init__(self, ed, text):
        self.text = text.lstrip(" :")
        self.first = self.last = ed.row
        self.given = 0  # number of addresses
        here = ed.row
        if self.text[:1] == "%":
            self.text = self.text[1:]
            self.first, self.last, self.given = 0, len(ed.buffer) - 1, 2
            return
        while True:
            found = self.address(ed, here)
            if found is not None:
                self.first = self.last if self.given else found
                self.last = found
                self.given += 1
            mark = self.text[:1]
            if mark not in (",", ";") or not mark:
                break
            self.text = self.text[1:]
            if found is None:
                self.first = self.last = ed.row
                self.given += 1
            if mark == ";":
                here = self.last
        if self.first > self.last:
            self.first, self.last = self.last, self.first
        if self.last >= len(ed.buffer):
            raise Failure("", "no such line")

    def digits(self, nothing):
        size = 0
        while self.text[size : size + 1].isdigit():
            size += 1
        text, self.text = self.text[:size], self.text[size:]
        return int(text) if text else nothing

    def address(self, ed, here):
        """Parse an address. Return the line number from 0, or None if there is none."""
        text = self.text
        c = text[:1]
        row = None
        if c.isdigit():
            row = self.digits(0) - 1
        elif c and c in ".$":
            row = here if c == "." else len(ed.buffer) - 1
            self.text = text[1:]
        elif c == "'":
            mark = ed.marks.get(text[1:2])
            if not mark:
                raise Failure("", "no such mark")
            row = mark[0]
            self.text = text[2:]
        elif c and c in "/?":
            pattern, self.text = search.cut(text[1:], c)
            line = ed.buffer[here]
            finder = search.compile(ed, pattern)
            found = search.seek(ed.buffer, finder, here, len(line) if c == "/" else 0, c == "/")
            if not found:
                raise Failure("", "not found: " + pattern)
            row = found[0]
        while self.text[:1] in ("+", "-") and self.text:
            sign = 1 if self.text[0] == "+" else -1
            self.text = self.text[1:]
            row = (here if row is None else row) + sign * self.digits(1)
        if row is not None and row < -1:
            raise Failure("", "no such line")
        return row


def execute(ed, text):
    """Run a command. A generator."""
    lines = Range(ed, text)
    text = lines.text
    size = 0
    while size < len(text) and text[size].isalpha():
        size += 1
    if text[:1] in ("s", "g", "v", "k") and text[1:2] and (text[1:2] in "/#,;|!@" or text[0] == "k"):
        size = 1
    name, text = text[:size], text[size:]
    if not name:
        if text[:1] and text[0] in "<>=&!":
            name, text = text[0], text[1:]
            while name in "<>" and text[:1] == name:
                text = text[1:]
                lines.last = min(lines.last, len(ed.buffer) - 1)
        elif not text:
            if lines.given:
                ed.go((max(lines.last, 0), blank(ed.buffer[max(lines.last, 0)]), "l"))
            return
    for short, whole in _NAMES:
        if whole.startswith(name) and name.startswith(short):
            name = short
            break
    force = text[:1] == "!" and name != "!"
    arg = text[1 if force else 0 :].strip()
    if name in ("w", "q", "wq", "x", "wqa", "xa", "qa", "wa", "e", "n", "N", "prev", "r", "f"):
        yield from file_command(ed, name, force, arg, lines)
    elif name == "st" or name == "sus":
        yield ed.stop()
    elif name == "!" and lines.given:
        yield filter_lines(ed, arg, max(lines.first, 0), max(lines.last, 0))
    elif name == "!":
        yield run_shell(ed, arg)
    elif name == "g" or name == "v":
        from edit.exlines import each  # late: only for :g

        yield from each(ed, lines, name, force, text[1 if force else 0 :])
    else:
        from edit.exlines import change  # late: rarer commands

        change(ed, name, arg, text, lines)


def file_command(ed, name, force, arg, lines):
    """Run a command for files. A generator."""
    buffer = ed.buffer
    if name == "f":
        ed.say(ed.facts())
        return
    if name == "r":
        if arg[:1] == "!":
            new = yield _output(arg[1:])
        else:
            new = yield _content(arg or buffer.path)
        at = lines.last + 1 if buffer.lines.total else 0
        buffer.change(at, at, new)
        ed.row, ed.col = min(at, len(buffer) - 1), 0
        ed.say(f"{len(new)} lines read")
        return
    if name in ("w", "wq", "wqa", "wa") or name in ("x", "xa") and (buffer.modified or not exists(buffer.path)):
        whole = not lines.given or lines.given == 2 and lines.first == 0 and lines.last == len(buffer) - 1
        if name in ("x", "xa") and not buffer.path and not arg and not buffer.modified:
            pass
        elif not (yield ed.write(arg, force, 0 if whole else max(lines.first, 0), None if whole else lines.last)):
            return
    if name in ("w", "wa"):
        return
    if name in ("e", "n", "N", "prev"):
        if buffer.modified and not force:
            raise Failure("", "no write since last change (add ! to override)")
        path = arg or buffer.path
        if name != "e":
            number = ed.number + (1 if name == "n" else -1)
            if not 0 <= number < len(ed.files):
                raise Failure("", "no more files")
            ed.number = number
            path = ed.files[number]
        if buffer.journal and force:
            buffer.journal.remove()
        row = ed.row
        try:
            yield ed.load(path)
        except (OSError, Failure) as e:
            yield ed.load(buffer.path)
            ed.row = row
            ed.clamp()
            raise Failure(
                e.obj if isinstance(e, Failure) else basename(path), e.reason if isinstance(e, Failure) else reason(e)
            )
        if path == buffer.path:
            ed.row = row
            ed.clamp()
        ed.marks = {}
        yield from ed.recover()
        return
    if buffer.modified and not force:
        raise Failure("", "no write since last change (:w to write, :q! to discard)")
    ed.done = True


async def _content(path):
    """Return the lines of a file."""
    if not path:
        raise Failure("", "no file name")
    lines = []
    await each(path, lambda data: lines.extend(data[: -1 if data[-1:] == b"\n" else len(data)].split(b"\n")))
    return lines


async def _output(line, stdin=None):
    """Return the output lines of a shell command; with stdin, its error messages as well."""
    from process.files import Capture  # late: only for commands of the shell

    out = Capture(32768)
    streams = {"stdin": stdin, "stderr": out.dup()} if stdin else {}
    await cpu.current.run(line, stdout=out.dup(), **streams)
    data = bytes(out.data)
    return data[: -1 if data[-1:] == b"\n" else len(data)].split(b"\n") if data else []


async def filter_lines(ed, line, first, last):
    """Replace lines by the output of a shell command that reads them."""
    from process.files import Text  # late: only for filters

    old = ed.buffer.lines.get(first, last + 1)
    new = await _output(line, Text(b"\n".join(old) + b"\n"))
    ed.buffer.change(first, last + 1, new)
    ed.row = min(first, len(ed.buffer) - 1)
    ed.col = blank(ed.buffer[ed.row])
    if len(old) > 2:
        ed.say(f"{len(old)} lines filtered")


async def run_shell(ed, line):
    """Run a shell command on the terminal, and wait for a key."""
    terminal = ed.terminal
    terminal.write("\x1b[m\x1b[?2004l\x1b[?1049l")
    terminal.set_raw(False)
    ed.unload_commands()
    try:
        await cpu.current.run(line)
        terminal.write("\n[a key goes on]")
    finally:
        terminal.set_raw(True)
    await ed.keys.key()
    terminal.write("\x1b[?1049h\x1b[?2004h")
    ed.view.redraw()
