# What the machine of awk remembers: variables, calls, patterns, and what is loaded when it is used.

from micropython import const

from base.errors import Failure
from process import cpu
from text.awknum import Input, look, num
from text.awkops import Cell, link
from text.awktext import strings

_TEXT_MAX = const(131072)  # bytes of one text
_CALLS_MAX = const(200)  # calls within calls

# The first globals, as text.awkcode numbers them.
_ENVIRON = const(13)
_ARGC = const(14)
_ARGV = const(15)


class Memory:
    """The half of a Machine that does not run code."""

    def __init__(self, program, args, variables):
        """program: what text.awkstate.parse() gives; args: the operands; variables: (name, value) of -v."""
        self.begin, self.rules, self.end, self.functions, self.names = program
        for code in [self.begin, self.rules, self.end] + [code for _, code in self.functions]:
            link(code)
        self.globals = [None] * len(self.names)
        values = ((0, 0), (1, 0), (2, 0), (3, b" "), (4, b" "), (5, b"\n"), (6, b"\n"), (8, b"\x1c"), (9, b"%.6g"))
        for slot, value in values + ((10, b"%.6g"), (11, 0), (12, -1)):
            self.globals[slot] = value
        env = cpu.current.env
        self.globals[_ENVIRON] = {name.encode(): look(str(env[name]).encode()) for name in env}
        self.globals[_ARGC] = len(args) + 1
        self.globals[_ARGV] = {b"%d" % (i + 1): look(arg.encode()) for i, arg in enumerate(args)}
        self.globals[_ARGV][b"0"] = b"awk"
        for name, value in variables:
            self.assign(name, value)
        self.num, self.look, self.input = num, look, Input  # for what is loaded later: there is one Input only
        self.stack = []
        self.keys = []  # of the loops over arrays that run
        self.frame = []  # the parameters of the function that runs
        self.frames = []  # (code, place, frame, loops over arrays) of those that wait
        self.ranges = set()
        self.line = b""  # $0
        self.whole = True  # line is what the fields make
        self.fields = None  # from $1 on; None until somebody asks
        self.finders = {}
        self.status = 0
        self.exiting = False
        self.parts = []  # output that waits
        self.size = 0
        self.source = None  # text.awkread.Records, once something is read
        self.files = None  # text.awkio.Files, once something is opened
        self.library = None  # the module text.awkfun, once it is used
        self.formatter = None  # the function of text.awkform

    def assign(self, name, value):
        """A variable from the command line."""
        slot = self.names.get(name)
        if slot is not None:
            self.globals[slot] = look(strings(value.encode()))

    # --- calls

    def call(self, number, count, back):
        """Begin a function with the arguments on the stack; back is where it returns to."""
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

    def give_back(self):
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

    def array(self, kind, slot):
        values = self.frame if kind else self.globals
        value = values[slot]
        if value is None:
            value = values[slot] = {}
        elif isinstance(value, Cell):
            value = values[slot] = value.array()
        if type(value) is not dict:
            raise Failure("", "a value is used as an array", 2)
        return value

    def sorted(self, array):
        """The keys of an array, the last one first; numbers in their order come before others."""
        numbers = [key for key in array if key.isdigit()]
        numbers.sort(key=int, reverse=True)
        others = sorted([key for key in array if not key.isdigit()])
        others.reverse()
        return others + numbers

    def limited(self, data):
        if len(data) > _TEXT_MAX:
            raise Failure("", f"a text is longer than {_TEXT_MAX} bytes", 2)
        return data

    def decoded(self, data):
        """The text of bytes, of which each is a character where they are no UTF-8."""
        try:
            return data.decode()
        except UnicodeError:
            return "".join([chr(byte) for byte in data])

    def cut(self, data, first, end):
        """The characters of a text from first up to end."""
        if data and max(data) > 127:
            text = self.decoded(data)
            if len(text) < len(data):
                return text[first:end].encode()
        return data[first:end]

    def length(self, data):
        return len(data) - sum([byte & 0xC0 == 0x80 for byte in data]) if data and max(data) > 127 else len(data)

    # --- what is loaded when it is used

    def getline(self, mode, address):
        name = self.stack.pop() if mode == 2 else None
        key = self.stack.pop() if address and address[0] > 2 else None
        if mode == 1:
            name = self.stack.pop()
        target = address and (address[0], address[1], key)
        from text.awkio import getline

        return getline(self, mode, name, target)

    def redirect(self, way, name, data):
        if not self.files:
            from text.awkio import Files

            self.files = Files(self)
        return self.files.write(way, name.decode(), data)

    def builtins(self, name, values):
        return self.more().call(self, name, values)

    def replace(self, finder, by, before, everywhere):
        return self.more().replace(self, finder, by, before, everywhere)

    def format(self, values):
        if not self.formatter:
            from text.awkform import format

            self.formatter = format
        return self.formatter(self, values)

    def more(self):
        if not self.library:
            from text import awkfun

            self.library = awkfun
        return self.library
