"""Read .mpy files, and move string constants out of their table of names.

MicroPython interns each entry of that table when the file is loaded, for ever, and mpy-cross puts every string constant
of less than ten characters there. A constant may as well be an object of the module, which is freed with it
(docs.micropython.org, "MicroPython .mpy files"; py/persistentcode.c).
"""

import struct

VERSION = 6
STATIC = 1  # an entry that every firmware has: only its number is in the file
LOAD_CONST_STRING = 0x10
LOAD_CONST_OBJ = 0x23
OBJ_TUPLE = 10
OBJ_STR = 5
OBJ_BYTES = 6
PLAIN = (1, 2, 3, 4)  # None, False, True, ...: a kind and nothing else
FORMATS = 0x000003A4  # two bits for each sixteen opcodes: a byte, a name, a number, an offset
NAME, NUMBER, OFFSET = 1, 2, 3


class Reader:
    """Reads what .mpy files are made of."""

    def __init__(self, data, at=0):
        self.data = data
        self.at = at

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def number(self):
        value = 0
        while True:
            byte = self.byte()
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                return value

    def bytes(self, size):
        self.at += size
        return bytes(self.data[self.at - size : self.at])

    def name(self):
        """An entry of the table of names: its text, or the number of one that every firmware has."""
        head = self.number()
        if head & STATIC:
            return head >> 1
        return self.bytes((head >> 1) + 1)[:-1]

    def skip_object(self):
        kind = self.byte()
        if kind == 0:
            raise ValueError("machine code")
        if kind in PLAIN:
            return
        size = self.number()
        if kind == OBJ_TUPLE:
            for _ in range(size):
                self.skip_object()
        else:
            self.at += size + (kind in (OBJ_STR, OBJ_BYTES))


class File:
    """An .mpy file in its parts."""

    def __init__(self, data):
        if data[0:1] != b"M" or data[1] != VERSION or data[2] >> 2:
            raise ValueError("no bytecode of version %d" % VERSION)
        reader = Reader(data, 4)
        self.header = data[:4]
        names, objects = reader.number(), reader.number()
        self.names = [reader.name() for _ in range(names)]
        self.objects = []
        for _ in range(objects):
            start = reader.at
            reader.skip_object()
            self.objects.append(data[start : reader.at])
        self.code = bytearray(data[reader.at :])
        self.constants = []  # places of LOAD_CONST_STRING in the code
        self.others = []  # places of numbers of names in the code
        reader = Reader(self.code)
        self._function(reader)
        if reader.at != len(self.code):
            raise ValueError("%d bytes follow" % (len(self.code) - reader.at))

    def _function(self, reader):
        head = reader.number()
        if head & 3:
            raise ValueError("machine code")
        end = reader.at + (head >> 3)
        self._bytecode(reader, end)
        reader.at = end
        if head & 4:
            for _ in range(reader.number()):
                self._function(reader)

    def _bytecode(self, reader, end):
        arguments = _signature(reader)
        info, cells = _size(reader)
        after = reader.at + info + cells
        for _ in range(1 + arguments):
            self.others.append(reader.at)
            reader.number()
        reader.at = after
        while reader.at < end:
            opcode = reader.byte()
            form = FORMATS >> (2 * (opcode >> 4)) & 3
            if form == NAME:
                (self.constants if opcode == LOAD_CONST_STRING else self.others).append(reader.at)
            if form in (NAME, NUMBER):
                reader.number()
            elif form == OFFSET:
                reader.at += 2 if self.code[reader.at] & 0x80 else 1
            if not opcode & 0x9E:
                reader.at += 1
        if reader.at != end:
            raise ValueError("bytecode that this does not know")

    def texts(self):
        """The names that this file brings."""
        return [name.decode() for name in self.names if isinstance(name, bytes)]

    def take_out(self, keep):
        """Make objects of the string constants that are no name of this file and for which keep(text) is false."""
        used = {Reader(self.code, at).number() for at in self.others} | {0}  # the first is that of the source
        places = {}
        for at in self.constants:
            places.setdefault(Reader(self.code, at).number(), []).append(at)
        for index, found in sorted(places.items()):
            name = self.names[index]
            if index in used or not isinstance(name, bytes) or keep(name.decode()):
                continue
            number = len(self.objects)
            if number > 127 and index < 128:
                continue  # its number takes more bytes than there are
            self.objects.append(bytes([OBJ_STR]) + encoded(len(name)) + name + b"\0")
            for at in found:
                self.code[at - 1] = LOAD_CONST_OBJ
                self._put(at, number)
            self.names[index] = None
        self._renumber()

    def _renumber(self):
        """Close the gaps in the table of names."""
        numbers = {}
        for index, name in enumerate(self.names):
            if name is not None:
                numbers[index] = len(numbers)
        for at in self.others + [at for at in self.constants if self.code[at - 1] == LOAD_CONST_STRING]:
            self._put(at, numbers[Reader(self.code, at).number()])
        self.names = [name for name in self.names if name is not None]

    def _put(self, at, number):
        """Another number, in as many bytes as the one that stands there: nothing moves."""
        reader = Reader(self.code, at)
        reader.number()
        data = encoded(number)
        missing = reader.at - at - len(data)
        assert missing >= 0
        self.code[at : reader.at] = b"\x80" * missing + data

    def dump(self):
        """The file."""
        parts = [self.header, encoded(len(self.names)), encoded(len(self.objects))]
        for name in self.names:
            if isinstance(name, int):
                parts.append(encoded(name << 1 | STATIC))
            else:
                parts.append(encoded(len(name) << 1) + name + b"\0")
        return b"".join(parts + self.objects + [bytes(self.code)])


def encoded(number):
    """A number in groups of seven bits, the highest first."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return struct.pack("%dB" % len(groups), *reversed(groups))


def _signature(reader):
    """The number of arguments, from the head of a function (py/bc.h)."""
    byte = reader.byte()
    arguments, keywords, shift = byte & 3, 0, 0
    while byte & 0x80:
        byte = reader.byte()
        arguments |= (byte & 4) << shift
        keywords |= (byte >> 3 & 1) << shift
        shift += 1
    return arguments + keywords


def _size(reader):
    """(bytes of information, bytes of cells), which follow the signature."""
    info = cells = shift = 0
    while True:
        byte = reader.byte()
        info |= (byte >> 1 & 0x3F) << 6 * shift
        cells |= (byte & 1) << shift
        shift += 1
        if not byte & 0x80:
            return info, cells
