# The editor of ed: its text, the addresses of lines, and the loop that reads commands. lineeditor/commands.py executes them.

from micropython import const

from base.errors import Failure
from regex.finder import Finder

LINES_MAX = const(4000)
_ENOENT = const(2)
INVALID = "Invalid address"


def refuse(given):
    """A command takes no address."""
    if given:
        raise Failure("", "Unexpected address")


class Text:
    """The lines, and what refers to them: marks, the lines that `g` has still to visit, and what undoes the last command."""

    def __init__(self):
        self.lines = []  # bytes without newlines
        self.current = 0  # line numbers begin with 1
        self.marks = {}
        self.waiting = []  # line numbers
        self.modified = False
        self.log = []  # (index, count of new lines, old lines), to be undone from its end on
        self.before = (0, False)  # the current line, and `modified`, before the changes in log
        self.fresh = True  # the next change is the first of a command

    def replace(self, at, count, new):
        """Put the lines new in the place of count lines from index at on."""
        if len(self.lines) - count + len(new) > LINES_MAX:
            raise Failure("", f"More than {LINES_MAX} lines")
        if self.fresh:
            self.log = []
            self.before = (self.current, self.modified)
            self.fresh = False
        self.log.append((at, len(new), self.lines[at : at + count]))
        self.lines[at : at + count] = new
        shift = len(new) - count
        self.marks = {name: self._moved(n, at, count, shift) for name, n in self.marks.items()}
        kept = 0
        for number in self.waiting:
            number = self._moved(number, at, count, shift)
            if number:
                self.waiting[kept] = number
                kept += 1
        del self.waiting[kept:]
        self.modified = True

    def _moved(self, number, at, count, shift):
        """What a line's number becomes; 0 where the line is gone."""
        if number > at + count:
            return number + shift
        return 0 if number > at else number

    def undo(self):
        """Take back what the last command has changed; once more to have it again."""
        log, before = self.log, self.before
        self.fresh = True
        current, modified = self.current, self.modified
        self.log = []  # where memory runs out halfway, nothing more can be undone
        for i in range(len(log) - 1, -1, -1):  # in place: beside many lines there is no large piece of memory
            at, count, old = log[i]
            log[i] = (at, len(old), self.lines[at : at + count])
            self.lines[at : at + count] = old
        log.reverse()
        self.log = log
        self.marks = {}
        self.current, self.modified = before
        self.before = (current, modified)


class Editor:
    """An editor that talks with the streams of a process."""

    def __init__(self, process, silent, prompt):
        self.process = process
        self.silent = silent
        self.prompt = prompt or "*"
        self.prompting = prompt is not None
        self.text = Text()
        self.path = ""
        self.finder = None  # of the last expression
        self.parts = None  # of the last replacement
        self.flags = ""
        self.shell = ""  # the last !command
        self.message = ""  # why the last command has failed
        self.explaining = False
        self.warned = False  # that the text is not saved
        self.status = 0
        self.ended = False
        self.commands = None  # lines of the list of `g`, which come before those of standard input
        self.line = ""  # the command that is read
        self.at = 0

    # --- the loop

    async def run(self, path):
        """Read and execute commands to the end; returns the exit status."""
        from lineeditor import commands, files  # late: they import this module

        if path:
            self.path = path
            try:
                await files.read(self, path, 0)
            except (OSError, Failure, MemoryError) as e:
                if isinstance(e, OSError) and e.errno == _ENOENT:
                    self.message = "Cannot open input file"
                    self.process.stderr.write(f"{path}: No such file or directory\n")
                else:
                    self.failed(e, path)
            self.text.modified = False
            self.text.log = []
        while not self.ended:
            if self.prompting:
                self.process.stdout.write(self.prompt)
            line = await self.more()
            if line is None:
                if not self.may_leave():
                    self.status = 2
                    self.say("?")
                return self.status
            self.text.fresh = True
            try:
                await commands.execute(self, line)
            except (OSError, Failure, MemoryError) as e:
                self.commands = None
                self.text.waiting = []
                self.failed(e)
        return self.status

    async def more(self):
        """The next line of input; None at the end."""
        if self.commands is not None:
            return self.commands.pop(0) if self.commands else None
        line = await self.process.stdin.readline()
        if not line:
            return None
        try:
            return str(line, "utf-8").rstrip("\n")
        except UnicodeError:
            from base.surrogates import loose  # late: rare

            return loose(line).rstrip("\n")

    def failed(self, error, obj=""):
        """A command has failed: ? and, if that is wanted, the reason."""
        from base.errors import reason

        self.message = (obj + ": " if obj else "") + (
            "Out of memory" if isinstance(error, MemoryError) else reason(error)
        )
        self.status = 1
        self.say("?")
        if self.explaining:
            self.say(self.message)

    def say(self, text):
        self.process.stdout.write(text + "\n")

    def may_leave(self):
        """Whether the text may be lost: where it is not saved, only at the second time."""
        if not self.text.modified or self.warned:
            return True
        self.warned = True
        self.message = "Warning: buffer modified"
        return False

    # --- reading a command

    def peek(self):
        return self.line[self.at : self.at + 1]

    def take(self):
        c = self.peek()
        self.at += 1
        return c

    def skip(self):
        while self.peek() and self.peek() in " \t":
            self.at += 1

    def number(self):
        """The number here; None if there is none."""
        start = self.at
        while self.peek().isdigit():
            self.at += 1
        return int(self.line[start : self.at]) if self.at > start else None

    def delimited(self, mark):
        """Text up to the delimiter, which is taken. A backslash before the delimiter goes; the others stay."""
        out = ""
        while self.at < len(self.line):
            c = self.take()
            if c == mark:
                return out, True
            if c == "\\":
                following = self.take()
                out += following if following == mark else c + following
                continue
            if c == "[" and (end := self._bracket_end()):
                c += self.line[self.at : end]
                self.at = end
            out += c
        return out, False

    def _bracket_end(self):
        """Where the bracket expression ends that has begun; 0 if it does not."""
        at = self.at + (self.peek() == "^")
        return self.line.find("]", at + 1) + 1

    def expression(self, mark):
        """The Finder of an expression up to mark; an empty one is the last one."""
        text, _ = self.delimited(mark)
        if text:
            self.finder = Finder(text)
        elif not self.finder:
            raise Failure("", "No previous pattern")
        return self.finder

    def search(self, mark):
        """The number of the next line that matches, or of the one before for ?; around the end."""
        finder = self.expression(mark)
        lines = self.text.lines
        step = 1 if mark == "/" else -1
        at = self.text.current
        for _ in range(len(lines)):
            at = (at + step - 1) % len(lines) + 1
            if finder.search(lines[at - 1]):
                return at
        raise Failure("", "No match")

    def address(self):
        """The line number of an address; None if there is none."""
        self.skip()
        c = self.peek()
        value = self.number()
        if value is None:
            if c in ("/", "?"):
                self.at += 1
                value = self.search(c)
            elif c == "'":
                self.at += 1
                value = self.text.marks.get(self.take(), 0)
                if not value:
                    raise Failure("", INVALID)
            elif c == "." or c == "$":
                self.at += 1
                value = self.text.current if c == "." else len(self.text.lines)
            elif c == "+" or c == "-":
                value = self.text.current
            else:
                return None
        while True:
            self.skip()
            c = self.peek()
            if not c or (c not in "+-" and not c.isdigit()):
                return value
            sign = -1 if c == "-" else 1
            self.at += not c.isdigit()
            step = self.number()
            value += sign * (1 if step is None else step)

    def addresses(self):
        """(first, last, how many addresses are given) before a command: the last two count."""
        found = []
        given = 0
        bare = False  # the address in front of the last separator is missing
        start = self.text.current
        try:
            while True:
                value = self.address()
                mark = self.peek()
                separates = bool(mark) and mark in ",;%"
                if value is not None:
                    found.append(value)
                    given += 1
                elif given:
                    if not separates:
                        found.append(len(self.text.lines) if bare else found[-1])
                elif separates:
                    found.append(start if mark == ";" else 1)
                    given += 1
                if not separates:
                    break
                bare = value is None
                self.at += 1
                if mark == ";":
                    self.text.current = found[-1]
        finally:
            self.text.current, start = start, self.text.current
        last = found[-1] if found else self.text.current
        first = found[-2] if len(found) > 1 else last
        if not 0 <= first <= last <= len(self.text.lines):
            raise Failure("", INVALID)
        return first, last, min(len(found), 2)
