# join - put lines of two files together that have a field in common
# usage: join [-a N]... [-v N]... [-1 FIELD] [-2 FIELD] [-j FIELD] [-t CHAR] [-e TEXT] [-o LIST] [-i] FILE1 FILE2
#
# Both files are sorted by that field; "-" is standard input.
#   -1 FIELD, -2 FIELD, -j FIELD  the field of FILE1, of FILE2, of both (1)      -t CHAR  between fields (blanks)
#   -a N  also lines of file N (1 or 2) without a partner      -v N  only those      -i  case does not matter
#   -o LIST  the fields to print: 0 the common one, 1.2 field 2 of FILE1 ...; auto: as many as the first lines have
#   -e TEXT  for fields that are not there
# Deviations: the order is that of the bytes.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/join.html

import asyncio

from base.errors import Usage
from program import open_input, options

proc = None

LONG = (("ignore-case", "i"),)


async def __main__(args):
    opts, files = options(args, "1:2:a:e:ij:o:t:v:", LONG)
    if len(files) != 2:
        raise Usage("needs two files")
    fields = [opts.number(letter, opts.number("j", 1)) - 1 for letter in "12"]
    if min(fields) < 0:
        raise Usage("fields count from 1")
    mark = opts["t"].encode() if "t" in opts else None
    mark = b"\t" if mark == b"\\t" else mark
    if mark is not None and len(mark) != 1:
        raise Usage("needs one character", "-t")
    alone = opts.all("a") + opts.all("v")
    if any(number not in ("1", "2") for number in alone):
        raise Usage("is 1 or 2", "-a")
    sides = []
    try:
        for i in range(2):
            try:
                sides.append(Side(open_input(files[i]), fields[i], mark, "i" in opts))
            except OSError as e:
                proc.complain(files[i], e)
                return 1
        for side in sides:
            await side.advance()
        shape = Shape(opts, mark, fields, sides)
        await merge(sides, shape, alone, not opts.all("v"))
    finally:
        for side in sides:
            if side.stream is not proc.stdin:
                side.stream.close()


async def merge(sides, shape, alone, pairs):
    one, two = sides
    turn = 0
    while one.group or two.group:
        turn += 1
        if turn > 63:
            turn = 0
            await asyncio.sleep_ms(0)
        if one.group and two.group and one.key == two.key:
            for a in one.group if pairs else ():
                for b in two.group:
                    proc.stdout.write(shape.line(a, b))
            await one.advance()
            await two.advance()
            continue
        first = not two.group or (one.group and one.key < two.key)
        side = one if first else two
        if ("1" if first else "2") in alone:
            for line in side.group:
                proc.stdout.write(shape.line(line, None) if first else shape.line(None, line))
        await side.advance()


class Side:
    """A file: the lines that have the same key."""

    def __init__(self, stream, field, mark, fold):
        self.stream = stream
        self.field = field
        self.mark = mark
        self.fold = fold
        self.key = b""
        self.group = []  # lines as lists of fields
        self.ahead = None  # (key, fields) of the first line behind the group

    async def advance(self):
        """The next group of lines."""
        self.group = []
        entry = self.ahead or await self.read()
        self.ahead = None
        if entry:
            self.key = entry[0]
            while entry and entry[0] == self.key:
                self.group.append(entry[1])
                entry = await self.read()
            self.ahead = entry

    async def read(self):
        line = await self.stream.readline()
        if not line:
            return None
        line = line[:-1] if line[-1:] == b"\n" else line
        fields = line.split(self.mark) if self.mark else line.split()
        key = fields[self.field] if self.field < len(fields) else b""
        return (key.lower() if self.fold else key), fields


class Shape:
    """What a line of the output consists of."""

    def __init__(self, opts, mark, fields, sides):
        self.fields = fields
        self.mark = mark or b" "
        self.empty = opts["e"].encode() if "e" in opts else b""
        self.list = None
        if opts["o"] == "auto":
            self.list = [(0, 0)]
            for i, side in enumerate(sides):
                count = len(side.group[0]) if side.group else 0
                self.list += [(i + 1, k) for k in range(count) if k != fields[i]]
        elif "o" in opts:
            self.list = [parse(word) for word in opts["o"].replace(",", " ").split()]

    def line(self, a, b):
        if self.list is None:
            cells = []
            for i, line in enumerate((a, b)):
                if line is not None:
                    if not cells:
                        cells.append(self.at(line, self.fields[i]))
                    cells.extend([cell for k, cell in enumerate(line) if k != self.fields[i]])
        else:
            cells = [self.cell(side, k, a, b) for side, k in self.list]
        return self.mark.join(cells) + b"\n"

    def cell(self, side, k, a, b):
        if not side:
            side, k = (1, self.fields[0]) if a is not None else (2, self.fields[1])
        return self.at(a if side == 1 else b, k)

    def at(self, line, k):
        return (line[k] if line and k < len(line) else b"") or self.empty


def parse(word):
    """(file, field) of an entry of -o."""
    side, dot, field = word.partition(".")
    if word == "0":
        return 0, 0
    if side not in ("1", "2") or not field.isdigit() or int(field) < 1:
        raise Usage("not a field", word)
    return int(side), int(field) - 1
