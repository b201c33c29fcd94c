# Input and output of awk: records from the operands in turn, getline, print with > and |, close().

import asyncio

from micropython import const

from awk.values import as_name
from base.errors import Failure
from process import cpu
from process.stream import LINE_MAX, longer
from program import complain, open_input

OPEN_MAX = const(12)  # open files and commands


class Reader:
    """Splits a stream into records."""

    def __init__(self, machine, stream):
        self.machine = machine
        self.stream = stream
        self.data = b""
        self.at = 0  # index of the next record in data
        self.ended = False

    async def next(self):
        """Return the next record, or None at the end."""
        machine = self.machine
        while True:
            mark = machine.text(machine.globals[5])
            data = self.data
            if not mark:
                while self.at < len(data) and data[self.at] == 10:
                    self.at += 1
            if len(mark) < 2:
                end = data.find(mark or b"\n\n", self.at)
                after = end + (len(mark) or 2)
            else:
                found = machine.finder(mark).search(data, self.at)
                end, after = found[:2] if found and (found[1] < len(data) or self.ended) else (-1, 0)
                if end == after:
                    end = -1
            if end >= 0:
                record = data[self.at : end]
                self.at = after
                return record
            if self.ended:
                record = data[self.at :]
                self.data = b""
                self.at = 0
                return (record if mark else record.rstrip(b"\n")) if record else None
            machine.flush()
            more = await self.stream.read()
            data = self.data = data[self.at :] if self.at else data
            self.data = longer(data, more, LINE_MAX, self.stream.path)
            self.at = 0
            self.ended = not more

    def close(self):
        if self.stream is not cpu.current.stdin:
            self.stream.close()


class Records:
    """The main input: the operands in turn."""

    def __init__(self, machine):
        self.machine = machine
        self.reader = None
        self.next_operand = 1
        self.opened = False

    async def next(self):
        """Return the next record, or None at the end."""
        while True:
            if not self.reader and not self.open():
                return None
            record = await self.reader.next()
            if record is not None:
                return record
            self.skip_file()

    def open(self):
        """Open the next operand that is a file. Return False if there is none."""
        machine = self.machine
        while True:
            name = "-"
            if self.next_operand < machine.num(machine.globals[14]):
                operand = machine.array(0, 15).get(b"%d" % self.next_operand)
                self.next_operand += 1
                name = as_name(machine.text(operand))
                if not name:
                    continue
                variable, equals, value = name.partition("=")
                if equals and is_name(variable):
                    machine.assign(variable, value)
                    continue
            elif self.opened:
                return False
            self.opened = True
            try:
                self.reader = Reader(machine, open_input(name))
            except OSError as e:
                complain(name, e)
                machine.status = 2
                continue
            machine.globals[7] = name.encode() if machine.globals[14] != 1 else b""
            machine.globals[2] = 0
            return True

    def skip_file(self):
        if self.reader:
            self.reader.close()
            self.reader = None


def is_name(text):
    return bool(text) and not text[0].isdigit() and all(c.isalpha() or c.isdigit() or c == "_" for c in text)


class Files:
    """The open files and commands, by name."""

    def __init__(self, machine):
        self.machine = machine
        self.open = {}  # (kind, name): [stream or Reader, task of a command]; kinds: < file, c command, > and | output

    def check_limit(self):
        if len(self.open) >= OPEN_MAX:
            raise Failure("", f"more than {OPEN_MAX} files are open (close)", 2)

    def reader(self, mode, name):
        """Return the Reader of a file (mode 2) or of a command's output, opening it if necessary."""
        kind = "<" if mode == 2 else "c"
        entry = self.open.get((kind, name))
        if not entry:
            self.check_limit()
            task = None
            if mode == 2:
                stream = open_input("-" if name in ("-", "/dev/stdin") else name)
            else:
                from process.pipe import Pipe  # late: only for commands

                self.machine.flush()
                pipe = Pipe()
                stream = pipe.reader
                task = asyncio.create_task(cpu.current.run(name, stdout=pipe.writer))
            entry = self.open[kind, name] = [Reader(self.machine, stream), task]
        return entry[0]

    def write(self, way, name, data):
        """Write to a file or command. Return a coroutine if that has to wait."""
        machine = self.machine
        if way != "|":
            if name in ("/dev/stdout", "-"):
                return machine.put(data)
            if name == "/dev/stderr":
                machine.flush()
                cpu.current.stderr.write(data)
                return None
        key = ("|" if way == "|" else ">"), name
        entry = self.open.get(key)
        if not entry:
            self.check_limit()
            entry = self.open[key] = (
                self.start(name) if way == "|" else [File(name, "ab" if way == ">>" else "wb"), None]
            )
        entry[0].write(data)
        return entry[0].drain() if entry[0].full else None

    def start(self, command):
        """Start a command with a pipe to its standard input."""
        from process.pipe import Pipe  # late: only for commands

        self.machine.flush()
        pipe = Pipe()
        return [pipe.writer, asyncio.create_task(cpu.current.run(command, stdin=pipe.reader))]

    async def close(self, name):
        """Close NAME. Return the status of a command, 0 for a file, -1 if it is not open."""
        status = -1
        for key in list(self.open):
            if key[1] == name:
                stream, task = self.open.pop(key)
                stream.close()
                status = await task if task else 0
        return status

    async def close_all(self):
        for key in list(self.open):
            if key in self.open:
                await self.close(key[1])

    def flush(self):
        for stream, _ in self.open.values():
            if isinstance(stream, File):
                stream.file.flush()


class File:
    """A file open for writing."""

    full = False

    def __init__(self, name, mode):
        from program import protected  # late: only for output files

        protected(name)
        try:
            self.file = open(name, mode)
        except OSError as e:
            raise OSError(e.errno, name)

    def write(self, data):
        if self.file.write(data) != len(data):
            raise OSError(28)  # ENOSPC

    def close(self):
        self.file.close()


async def getline(machine, mode, name, target):
    """Run getline: push 1, 0 at the end of input, or -1 on error."""
    if not mode:
        machine.stack.append(1 if await machine.read(target) else 0)
        return
    if not machine.files:
        machine.files = Files(machine)
    try:
        record = await machine.files.reader(mode, as_name(machine.text(name))).next()
    except OSError:
        machine.stack.append(-1)
        return
    if record is not None:
        if mode == 1:
            machine.globals[1] = machine.num(machine.globals[1]) + 1
        machine.take(record, target)
    machine.stack.append(0 if record is None else 1)
