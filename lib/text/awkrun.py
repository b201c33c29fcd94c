# The machine that runs the code of awk: values at their addresses, fields, records. text.awkmemory has its other half: a
# source file of more lines takes more memory to be compiled than may be free beside services.

import asyncio

from micropython import const

from base.errors import Failure
from process import cpu
from text.awkmemory import Memory
from text.awknum import Input, look, num, text
from text.awkops import Cell
from text.awktext import pattern
from text.finder import Finder

_FLUSH = const(1536)  # bytes that wait before they are written
_PART = const(24)  # what a part counts besides its text: many short ones take more memory than they look
_FIELDS_MAX = const(10000)
_FINDERS_MAX = const(16)  # patterns from texts that are kept
_TURN = const(200)  # jumps backwards after which others may run

# The first globals, as text.awkcode numbers them.
_NR = const(1)
_FNR = const(2)
_FS = const(3)
_OFS = const(4)
_RS = const(5)
_CONVFMT = const(9)


class Machine(Memory):
    """Runs a program."""

    # --- running

    async def main(self):
        await self.run(self.begin)
        if not self.exiting and (len(self.rules) > 1 or len(self.end) > 1):
            while not self.exiting and await self.read(None):
                if len(self.rules) > 1:
                    await self.run(self.rules)
        self.exiting = False
        await self.run(self.end)
        self.flush()
        if self.files:
            await self.files.close_all()

    async def run(self, code):
        stack_size = len(self.stack)
        self.code = code
        pc = turn = 0
        while True:
            function, argument = code[pc]
            result = function(self, argument)
            if result is None:
                pc += 1
            elif type(result) is int:
                if result <= pc:
                    turn += 1
                    if turn > _TURN:
                        turn = 0
                        self.flush()
                        await asyncio.sleep_ms(0)
                    if result < 0:
                        break
                code = self.code
                pc = result
            else:
                pc += 1
                await result
        del self.stack[stack_size:]

    # --- values

    def text(self, value):
        kind = type(value)
        if kind is bytes:
            return value
        if kind is int:
            return b"%d" % value
        if kind is Input:
            return value.text
        if value is None:
            return b""
        if kind is dict or kind is Cell:
            if kind is Cell and value.values[value.slot] is None:
                return b""
            raise Failure("", "an array is used as a value", 2)
        return text(value, self.text(self.globals[_CONVFMT]).decode())

    def get(self, kind, slot, key):
        """The value at an address."""
        if kind == 0:
            return self.globals[slot]
        if kind == 1:
            value = self.frame[slot]
            return None if isinstance(value, Cell) else value
        if kind == 2:
            if self.fields is None:
                self.split()
            return len(self.fields)
        if kind == 3:
            return self.field(num(key))
        return self.array(kind - 4, slot).get(self.text(key))

    def set(self, kind, slot, key, value):
        """Store a value at an address."""
        if kind == 0:
            if type(self.globals[slot]) is dict:
                raise Failure("", "an array is used as a value", 2)
            if slot == _FS and self.fields is None:
                self.split()  # the new one is for the next record
            self.globals[slot] = value
        elif kind == 1:
            self.frame[slot] = value
        elif kind > 3:
            self.array(kind - 4, slot)[self.text(key)] = value
        elif kind == 2:
            self.resize(int(num(value)))
            self.whole = False
        else:
            key = int(num(key))
            if not key:
                self.set_record(self.text(value))
                return
            if self.fields is None:
                self.split()
            if key < 0 or key > _FIELDS_MAX:
                raise Failure("", f"no field {key}", 2)
            if key > len(self.fields):
                self.resize(key)
            self.fields[key - 1] = value if type(value) is Input else self.text(value)
            self.whole = False

    def finder(self, value):
        """What finds a pattern: a literal, or a text."""
        if hasattr(value, "search"):  # not by its class, which may have been loaded again since
            return value
        data = self.text(value)
        found = self.finders.get(data)
        if not found:
            if len(self.finders) >= _FINDERS_MAX:
                self.finders.clear()
            found = self.finders[data] = Finder(pattern(data), True)
        return found

    # --- the record

    def set_record(self, line):
        self.line = line
        self.whole = True
        self.fields = None

    def record(self):
        """$0."""
        if not self.whole:
            values = self.fields
            if any(type(value) is not bytes for value in values):
                values = [self.text(value) for value in values]
            self.line = self.text(self.globals[_OFS]).join(values)
            self.whole = True
        return self.line

    def field(self, number):
        number = int(number)
        if not number:
            return look(self.record())
        if number < 0:
            raise Failure("", f"no field {number}", 2)
        if self.fields is None:
            self.split()
        if number > len(self.fields):
            return b""
        value = self.fields[number - 1]
        return look(value) if type(value) is bytes else value

    def split(self):
        mark = self.text(self.globals[_FS])
        lines = self.globals[_RS] == b""
        self.fields = self.parted(self.line, mark, lines)

    def parted(self, data, mark, lines=False):
        """The parts of a text between marks, which may be a Finder; lines: newlines are marks, too."""
        if not data:
            return []
        if type(mark) is bytes:
            if mark == b" ":
                if b"\r" not in data and b"\v" not in data and b"\f" not in data:
                    return data.split()
                return [part for part in data.replace(b"\t", b" ").replace(b"\n", b" ").split(b" ") if part]
            if not mark:
                return [c.encode() for c in self.decoded(data)]
            if len(mark) == 1 and mark != b"\\":
                return data.replace(b"\n", mark).split(mark) if lines else data.split(mark)
            mark = self.finder(mark)
        parts = []
        start = at = 0
        while at <= len(data) and (found := mark.search(data, at)):
            begin, at = found[0], found[1]
            if begin == at:
                at += 1
                continue
            parts.append(data[start:begin])
            start = at
        parts.append(data[start:])
        return parts

    def resize(self, count):
        if self.fields is None:
            self.split()
        if not 0 <= count <= _FIELDS_MAX:
            raise Failure("", f"no {count} fields", 2)
        del self.fields[count:]
        while len(self.fields) < count:  # a long list beside this one would be a matter of memory
            self.fields.extend([b""] * min(count - len(self.fields), 64))

    # --- input and output

    async def read(self, address):
        """The next record of the main input into $0, or to an address: True where there was one."""
        if not self.source:
            from text.awkread import Records  # late: a BEGIN needs none

            self.source = Records(self)
        line = await self.source.next()
        if line is None:
            return False
        self.globals[_NR] = num(self.globals[_NR]) + 1
        self.globals[_FNR] = num(self.globals[_FNR]) + 1
        self.take(line, address)
        return True

    def take(self, line, address):
        """A record that has been read."""
        if address is None:
            self.set_record(line)
        else:
            kind, slot, key = address
            self.set(kind, slot, key, look(line))

    def put(self, data):
        """Write to the standard output."""
        self.parts.append(data)
        self.size += len(data) + _PART
        if self.size >= _FLUSH:
            self.flush()
            if cpu.current.stdout.full:
                return asyncio.sleep_ms(0)

    def flush(self):
        if self.parts:
            parts, self.parts, self.size = self.parts, [], 0
            cpu.current.stdout.write(b"".join(parts))
