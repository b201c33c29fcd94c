# The files and commands that an awk program opens: getline, print > and |, close().

import asyncio

from micropython import const

from base.errors import Failure
from process import cpu
from program import open_input
from text.awkread import Reader

OPEN_MAX = const(12)  # files and commands at a time


class Files:
    """The files and commands that a program has opened, by name."""

    def __init__(self, machine):
        self.machine = machine
        self.open = {}  # (kind, name): [stream or Reader, task of a command]; kinds: < file, c command, > and | output

    def room(self):
        if len(self.open) >= OPEN_MAX:
            raise Failure("", f"more than {OPEN_MAX} files are open (close)", 2)

    def reader(self, mode, name):
        """What reads a file (mode 2) or the output of a command."""
        kind = "<" if mode == 2 else "c"
        entry = self.open.get((kind, name))
        if not entry:
            self.room()
            task = None
            if mode == 2:
                stream = open_input("-" if name in ("-", "/dev/stdin") else name)
            else:
                from process.pipe import Pipe

                self.machine.flush()
                pipe = Pipe()
                stream = pipe.reader
                task = asyncio.create_task(cpu.current.run(name, stdout=pipe.writer))
            entry = self.open[kind, name] = [Reader(self.machine, stream), task]
        return entry[0]

    def write(self, way, name, data):
        """Write to a file or command; a coroutine where that must wait."""
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
            self.room()
            entry = self.open[key] = (
                self.start(name) if way == "|" else [File(name, "ab" if way == ">>" else "wb"), None]
            )
        entry[0].write(data)
        return entry[0].drain() if entry[0].full else None

    def start(self, command):
        """Start a command that reads what is printed."""
        from process.pipe import Pipe

        self.machine.flush()
        pipe = Pipe()
        return [pipe.writer, asyncio.create_task(cpu.current.run(command, stdin=pipe.reader))]

    async def close(self, name):
        """Close what has that name; the status of a command, 0 for a file, -1 for nothing."""
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
    """A file that is written."""

    full = False

    def __init__(self, name, mode):
        from program import protected

        protected(name)
        self.file = open(name, mode)

    def write(self, data):
        if self.file.write(data) != len(data):
            raise OSError(28)  # ENOSPC

    def close(self):
        self.file.close()


async def getline(machine, mode, name, target):
    """getline: leaves 1 on the stack, 0 at the end, -1 where nothing can be read."""
    if not mode:
        machine.stack.append(1 if await machine.read(target) else 0)
        return
    if not machine.files:
        machine.files = Files(machine)
    try:
        record = await machine.files.reader(mode, machine.text(name).decode()).next()
    except OSError:
        machine.stack.append(-1)
        return
    if record is not None:
        if mode == 1:
            machine.globals[1] = machine.num(machine.globals[1]) + 1
        machine.take(record, target)
    machine.stack.append(0 if record is None else 1)
