# join - join lines of two files on a common field
# usage: join [-a N]... [-v N]... [-1 FIELD] [-2 FIELD] [-j FIELD] [-t CHAR] [-e TEXT] [-o LIST] [-iz] FILE1 FILE2
#
# Both files must be sorted by that field; "-" is standard input. An unsorted file is an error (status 1), which is checked
# from the first unpaired line on.
#   -1 FIELD, -2 FIELD, -j FIELD  the field of FILE1, of FILE2, of both (1)
#   -t CHAR  between fields (blanks; "": the line is one field)      -i  ignore case
#   -a N  also unpaired lines of file N (1 or 2)      -v N  only those
#   -o LIST  the fields to print: 0 the common one, 1.2 field 2 of FILE1 ...; auto: the number of the first lines
#   -e TEXT  for missing fields      -z, --zero-terminated  lines end with a zero byte
#   --header  the first lines are headers, joined without comparison
#   --check-order  end at the first unsorted line      --nocheck-order  do not check
# Deviations: the order is that of the bytes.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/join.html

import asyncio

from base.errors import Usage
from program import options
from text.pair import Pair

proc = None

LONG = (
    "check-order",
    "nocheck-order",
    ("zero-terminated", "z"),
    ("ignore-case", "i"),
    "header",
)


async def __main__(args):
    opts, files = options(args, "1:2:a:e:ij:o:t:v:z", LONG)
    fields = [opts.number(letter, opts.number("j", 1)) - 1 for letter in "12"]
    if min(fields) < 0:
        raise Usage("fields are numbered from 1")
    mark = opts["t"].encode() if "t" in opts else None
    mark = b"\t" if mark == b"\\t" else b"\0" if mark == b"\\0" else mark
    if mark is not None and len(mark) > 1:
        raise Usage("expected one character", "-t")
    alone = opts.all("a") + opts.all("v")
    if any(number not in ("1", "2") for number in alone):
        raise Usage("expected 1 or 2", "-a")
    with Pair(files, opts) as pair:
        sides = [Side(pair, i, fields[i], mark, "i" in opts) for i in range(2)]
        firsts = []
        for side in sides:
            if "header" in opts:
                entry = await side.read()
                firsts.append(entry and entry[1])
            await side.advance()
            if "header" not in opts:
                firsts.append(side.group[0] if side.group else None)
        shape = Shape(opts, mark, fields, firsts)
        if "header" in opts and firsts != [None, None]:
            pair.out.write(shape.line(*firsts))
        await merge(pair, sides, shape, alone, not opts.all("v"))
    return pair.status()


async def merge(pair, sides, shape, alone, pairs):
    one, two = sides
    write = pair.out.write
    turn = 0
    while one.group or two.group:
        turn += 1
        if turn > 63:
            turn = 0
            await asyncio.sleep_ms(0)
        if one.group and two.group and one.key == two.key:
            one.check_order()
            two.check_order()
            for a in one.group if pairs else ():
                for b in two.group:
                    write(shape.line(a, b))
                if proc.stdout.full:
                    await asyncio.sleep_ms(0)
            await one.advance()
            await two.advance()
            continue
        first = not two.group or (one.group and one.key < two.key)
        side = one if first else two
        if ("1" if first else "2") in alone:
            for line in side.group:
                write(shape.line(line, None) if first else shape.line(None, line))
        both = one.group and two.group  # lines after the end of the other file do not count
        if both and len(side.group) > 1:
            pair.single = True
        side.check_order()
        await side.advance()
        if both:
            pair.single = True


class Side:
    """A file and its current group, the lines with the same key."""

    def __init__(self, pair, number, field, mark, fold):
        self.pair = pair
        self.number = number
        self.field = field
        self.mark = mark
        self.fold = fold
        self.count = 0  # lines read
        self.key = None
        self.group = []  # the lines, split into fields
        self.ahead = None  # (key, fields, line) of the first line after the group

    def check_order(self):
        """Complain if the line after the group should be before it."""
        if self.ahead and self.ahead[0] < self.key:
            title = f"{self.pair.names[self.number]}:{self.count}"
            self.pair.check(self.number, self.key, self.ahead[0], title, "is not sorted: " + shown(self.ahead[2]))

    async def advance(self):
        """Read the next group of lines."""
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
        line = await self.pair.line(self.number)
        if line is None:
            return None
        self.count += 1
        if self.mark is not None:
            fields = line.split(self.mark) if self.mark else [line]
        else:
            fields = [field for field in line.replace(b"\t", b" ").split(b" ") if field]
            if fields and line[-1] in b" \t":
                fields.append(b"")  # as in other implementations, a field follows a trailing blank
        key = fields[self.field] if self.field < len(fields) else b""
        return (key.lower() if self.fold else key), fields, line


def shown(line):
    """Return a line as text for a message."""
    from text.visible import safe  # late: only for messages

    try:
        return safe(line.decode())
    except UnicodeError:
        return safe(line)


class Shape:
    """The format of an output line."""

    def __init__(self, opts, mark, fields, firsts):
        self.fields = fields
        self.mark = mark or b" "
        self.empty = opts["e"].encode() if "e" in opts else b""
        self.list = None
        if opts["o"] == "auto":
            self.list = [(0, 0)]
            for i, first in enumerate(firsts):
                self.list += [(i + 1, k) for k in range(len(first or ())) if k != fields[i]]
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
    """Parse an entry of -o: (file, field)."""
    side, dot, field = word.partition(".")
    if word == "0":
        return 0, 0
    if side not in ("1", "2") or not field.isdigit() or int(field) < 1:
        raise Usage("not a field", word)
    return int(side), int(field) - 1
