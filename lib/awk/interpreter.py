# The virtual machine that runs awk's code: variables, calls, fields, records.

import asyncio

from micropython import const

from awk.operations import link
from awk.values import Cell, Strnum, as_name, decoded, integer, num, pattern, strings, strnum, text
from base.errors import Failure
from process import cpu

_FLUSH = const(1536)  # bytes buffered before a write
_PART = const(24)  # overhead in bytes counted for each buffered part: many short ones take more memory than their text
_FIELDS_MAX = const(10000)
_FINDERS_MAX = const(16)  # cached patterns made from strings
_TURN = const(200)  # backward jumps before yielding to other tasks
_TEXT_MAX = const(131072)  # bytes of a string
_CALLS_MAX = const(200)  # call depth

# Slots of the first globals, as numbered by awk.expressions.
_NR = const(1)
_FNR = const(2)
_FS = const(3)
_OFS = const(4)
_RS = const(5)
_CONVFMT = const(9)
_ENVIRON = const(13)
_ARGC = const(14)
_ARGV = const(15)


class Machine:
    """Runs a compiled program."""

    def __init__(self, program, args, variables):
        """program: the result of awk.parser.parse(); args: the operands; variables: (name, value) of each -v."""
        self.begin, self.rules, self.end, self.functions, self.names = program
        for code in [self.begin, self.rules, self.end] + [code for _, code in self.functions]:
            link(code)
        self.globals = [None] * len(self.names)
        values = ((0, 0), (1, 0), (2, 0), (3, b" "), (4, b" "), (5, b"\n"), (6, b"\n"), (8, b"\x1c"), (9, b"%.6g"))
        for slot, value in values + ((10, b"%.6g"), (11, 0), (12, -1)):
            self.globals[slot] = value
        env = cpu.current.env
        self.globals[_ENVIRON] = {name.encode(): strnum(str(env[name]).encode()) for name in env}
        self.globals[_ARGC] = len(args) + 1
        self.globals[_ARGV] = {b"%d" % (i + 1): strnum(arg.encode()) for i, arg in enumerate(args)}
        self.globals[_ARGV][b"0"] = b"awk"
        for name, value in variables:
            self.assign(name, value)
        self.num, self.strnum, self.Strnum = num, strnum, Strnum  # for modules loaded later: the class must be the same
        self.stack = []
        self.keys = []  # remaining keys of the active for-in loops
        self.frame = []  # parameters of the current function
        self.frames = []  # saved callers: (code, return address, frame, number of active loops)
        self.ranges = set()
        self.line = b""  # $0
        self.whole = True  # line agrees with the fields
        self.fields = None  # $1 and following; None until first used
        self.finders = {}
        self.status = 0
        self.exiting = False
        self.parts = []  # buffered output
        self.size = 0
        self.source = None  # awk.files.Records, after the first read
        self.files = None  # awk.files.Files, after the first open
        self.library = None  # the module awk.builtins, after its first use

    def assign(self, name, value):
        """Assign a variable given on the command line."""
        slot = self.names.get(name)
        if slot is not None:
            self.globals[slot] = strnum(strings(value.encode()))

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

    # --- calls

    def call(self, number, count, back):
        """Enter a function with the arguments on the stack; back is the return address."""
        params, code = self.functions[number]
        first = len(self.stack) - count
        frame = self.stack[first:]
        del self.stack[first:]
        if count > params:
            raise Failure("", "too many arguments for a function", 2)
        frame.extend([None] * (params - count))
        if len(self.frames) >= _CALLS_MAX:
            raise Failure("", "calls nested too deeply", 2)
        self.frames.append((self.code, back, self.frame, len(self.keys)))
        self.frame = frame
        self.code = code
        return 0

    def return_value(self):
        code, place, self.frame, loops = self.frames.pop()
        del self.keys[loops:]
        self.code = code
        return place

    def unwind(self):
        """Leave all calls and loops."""
        self.frames.clear()
        self.keys.clear()
        return -1

    def next_record(self, file):
        if file and self.source:
            self.source.skip_file()
        return self.unwind()

    # --- values

    def text(self, value):
        kind = type(value)
        if kind is bytes:
            return value
        if kind is int:
            return b"%d" % value
        if kind is Strnum:
            return value.text
        if value is None:
            return b""
        if kind is dict or kind is Cell:
            if kind is Cell and value.values[value.slot] is None:
                return b""
            raise Failure("", "array used in a scalar context", 2)
        return text(value, decoded(self.text(self.globals[_CONVFMT])))

    def get(self, kind, slot, key):
        """Return the value at an address."""
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
                raise Failure("", "array used in a scalar context", 2)
            if slot == _FS and self.fields is None:
                self.split()  # with the old separator: the new one applies to the next record
            self.globals[slot] = value
        elif kind == 1:
            self.frame[slot] = value
        elif kind > 3:
            self.array(kind - 4, slot)[self.text(key)] = value
        elif kind == 2:
            self.resize(integer(num(value)))
            self.whole = False
        else:
            key = integer(num(key))
            if not key:
                self.set_record(self.text(value))
                return
            if self.fields is None:
                self.split()
            if key < 0 or key > _FIELDS_MAX:
                raise Failure("", f"attempt to access field {key}", 2)
            if key > len(self.fields):
                self.resize(key)
            self.fields[key - 1] = value if type(value) is Strnum else self.text(value)
            self.whole = False

    def finder(self, value):
        """Return the Finder of a regular expression literal or a string."""
        if hasattr(value, "search"):  # not isinstance: the class may have been reloaded since
            return value
        data = self.text(value)
        found = self.finders.get(data)
        if not found:
            if len(self.finders) >= _FINDERS_MAX:
                self.finders.clear()
            from regex.finder import Finder  # late: saves 12 kB in programs without patterns

            found = self.finders[data] = Finder(pattern(data), True)
        return found

    def array(self, kind, slot):
        values = self.frame if kind else self.globals
        value = values[slot]
        if value is None:
            value = values[slot] = {}
        elif isinstance(value, Cell):
            value = values[slot] = value.array()
        if type(value) is not dict:
            raise Failure("", "scalar used as an array", 2)
        return value

    def sorted(self, array):
        """Return the keys of an array in descending order, so that pop() takes the lowest; numbers sort before others."""
        numbers = [key for key in array if key.isdigit()]
        numbers.sort(key=int, reverse=True)
        others = sorted([key for key in array if not key.isdigit()])
        others.reverse()
        return others + numbers

    def limited(self, data):
        if len(data) > _TEXT_MAX:
            raise Failure("", f"string longer than {_TEXT_MAX} bytes", 2)
        return data

    def cut(self, data, first, end):
        """Return the characters from first to end of a string."""
        if data and max(data) > 127:
            text = decoded(data)
            if len(text) < len(data):
                return text[first:end].encode()
        return data[first:end]

    def length(self, data):
        return len(data) - sum([byte & 0xC0 == 0x80 for byte in data]) if data and max(data) > 127 else len(data)

    # --- the record

    def set_record(self, line):
        self.line = line
        self.whole = True
        self.fields = None

    def record(self):
        """Return $0."""
        if not self.whole:
            values = self.fields
            if any(type(value) is not bytes for value in values):
                values = [self.text(value) for value in values]
            self.line = self.text(self.globals[_OFS]).join(values)
            self.whole = True
        return self.line

    def field(self, number):
        number = integer(number)
        if not number:
            return strnum(self.record())
        if number < 0:
            raise Failure("", f"attempt to access field {number}", 2)
        if self.fields is None:
            self.split()
        if number > len(self.fields):
            return b""
        value = self.fields[number - 1]
        return strnum(value) if type(value) is bytes else value

    def split(self):
        mark = self.text(self.globals[_FS])
        lines = self.globals[_RS] == b""
        self.fields = self.parted(self.line, mark, lines)

    def parted(self, data, mark, lines=False):
        """Split data at mark, a string or Finder. lines: newlines separate as well."""
        if not data:
            return []
        if type(mark) is bytes:
            if mark == b" ":
                if b"\r" not in data and b"\v" not in data and b"\f" not in data:
                    return data.split()
                return [part for part in data.replace(b"\t", b" ").replace(b"\n", b" ").split(b" ") if part]
            if not mark:
                return [c.encode() for c in decoded(data)]
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
            raise Failure("", f"NF set to {count}", 2)
        del self.fields[count:]
        while len(self.fields) < count:  # not extend(): a second list of this size might not fit
            self.fields.extend([b""] * min(count - len(self.fields), 64))

    # --- input and output

    async def read(self, address):
        """Read the next record of the main input into $0 or to an address. Return False at the end."""
        if not self.source:
            from awk.files import Records  # late: not needed for BEGIN alone

            self.source = Records(self)
        line = await self.source.next()
        if line is None:
            return False
        self.globals[_NR] = num(self.globals[_NR]) + 1
        self.globals[_FNR] = num(self.globals[_FNR]) + 1
        self.take(line, address)
        return True

    def take(self, line, address):
        """Store a record that has been read."""
        if address is None:
            self.set_record(line)
        else:
            kind, slot, key = address
            self.set(kind, slot, key, strnum(line))

    def put(self, data):
        """Write to standard output."""
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

    # --- modules loaded on first use

    def getline(self, mode, address):
        name = self.stack.pop() if mode == 2 else None
        key = self.stack.pop() if address and address[0] > 2 else None
        if mode == 1:
            name = self.stack.pop()
        target = address and (address[0], address[1], key)
        from awk.files import getline  # late: with the first getline

        return getline(self, mode, name, target)

    def redirect(self, way, name, data):
        if not self.files:
            from awk.files import Files  # late: with the first redirection

            self.files = Files(self)
        return self.files.write(way, as_name(name), data)

    def more(self):
        """The module with the built-in functions."""
        if not self.library:
            from awk import builtins  # late: with the first call

            self.library = builtins
        return self.library
