# fmt - fill the lines of paragraphs
# usage: fmt [-cstu] [-WIDTH] [-w WIDTH] [-g GOAL] [FILE...]
#
# Copy each FILE, or standard input, with the words of each paragraph filled into lines of at most WIDTH (75) columns.
# A paragraph ends at a blank line or a change of the indentation, which is kept.
#   -w, --width  the maximum width      -g, --goal  the preferred width (93 % of WIDTH)
#   -s, --split-only  split long lines, but do not join short ones
#   -u, --uniform-spacing  one blank between words, two after a sentence
#   -c, --crown-margin  the first two lines of a paragraph may be indented differently, the others like the second
#   -t, --tagged-paragraph  like -c, but if the two are equal each line is a paragraph
# Deviations: columns are characters, not bytes, and there is no -p.

from array import array

from micropython import const

from base.errors import Usage
from program import inputs, options, status

proc = None

LONG = (
    ("crown-margin", "c"),
    ("goal", "g"),
    ("split-only", "s"),
    ("tagged-paragraph", "t"),
    ("uniform-spacing", "u"),
    ("width", "w"),
)
WIDTH_MAX = 2500


async def __main__(args):
    opts, files = options(args, "cg:stuw:", LONG, "w")
    goal = opts.number("g", -1)
    width = opts.number("w", 75 if goal < 0 else goal + 10)
    if goal < 0:
        goal = width * 187 // 200
    if not 0 <= width <= WIDTH_MAX or goal > width:
        raise Usage("not a width", opts["w"] or opts["g"])
    way = "s" if "s" in opts else "c" if "c" in opts else "t" if "t" in opts else ""
    for _, stream in inputs(files):
        filler = Filler(width, goal, way, "u" in opts, proc.stdout.write)
        while line := await stream.readline():
            filler.add(line)
        filler.end()
    return status()


# --- Breaking lines: of all ways to break a paragraph the one with the least cost, computed as GNU fmt does.
#
# A line costs the square of its distance from the goal, and of its difference from its neighbour. Breaks after
# sentences and punctuation are cheap, after a dot that ends no sentence expensive. The words kept are limited: in a
# longer paragraph, the lines least likely to change are written early.

_WORDS = const(998)  # words of a paragraph kept in memory
_BYTES = const(5000)
_INDENT = const(3)  # indentation with -t, if the lines of a paragraph have the same one
_LINE = const(4900)  # cost of each line
_SENTENCE = const(2500)  # bonus after the end of a sentence
_PUNCTUATION = const(1600)  # bonus after other punctuation, and before a parenthesis
_ABBREVIATION = const(360000)  # cost after a dot that ends no sentence
_WIDOW = const(40000)  # the second word of a sentence begins a line; divided by its length + 2
_ORPHAN = const(22500)  # the last word of a sentence begins a line
_CREDIT = const(9)  # tolerance for a later position to split a long paragraph

# Flags of a word.
_OPENS = const(1)
_POINTED = const(2)  # ends with punctuation
_PERIOD = const(4)
_FINAL = const(8)  # ends a sentence


class Filler:
    """Takes lines by add(), then end(). Passes output lines to write."""

    def __init__(self, width, goal, way, uniform, write):
        self.width = width
        self.goal = goal
        self.way = way  # "s" split only, "c" crown margin, "t" tagged paragraphs
        self.uniform = uniform
        self.write = write
        self.tabs = False  # the input has tabs, so the output may
        self.first = 0  # indentation of the first line
        self.other = 0  # indentation of the other lines
        self.lines = 0  # lines in this paragraph
        self.last = 0  # length of the previous line
        self.clear(0)

    def clear(self, count):
        """Remove the first words."""
        if count:
            self.text = self.text[sum(self.sizes[:count]) :]
            self.sizes = self.sizes[count:]
            self.widths = self.widths[count:]
            self.spaces = self.spaces[count:]
            self.kinds = self.kinds[count:]
        else:
            self.text = bytearray()
            self.sizes = array("H")  # bytes of each word
            self.widths = array("H")  # its characters
            self.spaces = array("H")  # blanks after it
            self.kinds = bytearray()

    def add(self, line):
        """Add a line."""
        line = line[:-1] if line[-1] == 10 else line
        if b"\t" in line:
            self.tabs = True
            line = _expanded(line)
        text = line.lstrip(b" ")
        if not text:
            self.end()
            self.write(b"\n")
            return
        indent = len(line) - len(text)
        if self.lines == 1:
            self.indent(True, indent)
            if not self.goes_on(indent):
                self.finish()
        elif self.lines and indent != self.other:
            self.end()
        if not self.lines:
            self.first = indent
            self.last = 0
        self.lines += 1
        self.split(text)
        if self.way == "s":
            self.indent(False, indent)
            self.finish()

    def goes_on(self, indent):
        """Return whether the second line continues the paragraph."""
        if self.way == "c":
            return True
        return indent == self.other if self.way != "t" else indent != self.first

    def indent(self, same, indent):
        """Determine the indentation of the following lines; indent is that of the second line, if it has the same one."""
        if self.way == "c":
            self.other = indent if same else self.first
        elif self.way != "t":
            self.other = self.first
        elif same and indent != self.first:
            self.other = indent
        elif self.other == self.first:
            self.other = 0 if self.first else _INDENT

    def split(self, text):
        """Split a line into words."""
        at = 0
        size = len(text)
        while at < size:
            end = text.find(b" ", at)
            if end < 0:
                end = size
            behind = end
            while behind < size and text[behind] == 32:
                behind += 1
            if len(self.text) + end - at > _BYTES or len(self.sizes) == _WORDS:
                self.flush()
            kind = _kind(text, at, end)
            space = behind - end
            if kind & _PERIOD and (behind == size or space > 1):
                kind |= _FINAL
            if behind == size or self.uniform:
                space = 2 if kind & _FINAL else 1
            word = text[at:end]
            self.text.extend(word)
            self.sizes.append(end - at)
            self.widths.append(_width(word))
            self.spaces.append(space)
            self.kinds.append(kind)
            at = behind

    def flush(self):
        """Write the first lines of a long paragraph."""
        count = len(self.sizes)
        if not count:
            return
        if self.lines == 1:
            self.other = self.first
        breaks, costs = self.best()
        best = None
        split = count
        at = breaks[0]
        while at < count:
            worth = costs[at] - costs[breaks[at]]
            if best is None or worth < best:
                best = worth
                split = at
            best += _CREDIT
            at = breaks[at]
        self.put(breaks, split)
        self.clear(split)
        self.first = self.other

    def end(self):
        """End the paragraph."""
        if self.lines == 1:
            self.indent(False, 0)
        self.finish()

    def finish(self):
        if self.kinds:
            self.kinds[-1] |= _PERIOD | _FINAL
            breaks, _ = self.best()
            self.put(breaks, len(self.sizes))
        self.clear(0)
        self.lines = 0

    def best(self):
        """Return (end of the line that begins with each word, cost of it and the rest)."""
        count = len(self.sizes)
        sizes = self.widths
        spaces = self.spaces
        breaks = array("H", bytes(2 * count))
        lengths = array("H", bytes(2 * count))
        costs = [0] * (count + 1)
        width = self.width
        goal = self.goal
        start = count
        while start:
            start -= 1
            length = (self.other if start else self.first) + sizes[start]
            least = None
            at = start
            while True:
                at += 1
                if at == count:
                    cost = 0
                else:
                    cost = 100 * (goal - length) ** 2 + costs[at]
                    if breaks[at] != count:
                        cost += 50 * (length - lengths[at]) ** 2
                if not start and self.last:
                    cost += 50 * (length - self.last) ** 2
                if least is None or cost < least:
                    least = cost
                    breaks[start] = at
                    lengths[start] = length
                if at == count:
                    break
                length += spaces[at - 1] + sizes[at]
                if length >= width:
                    break
            costs[start] = least + self.base(start)
        return breaks, costs

    def base(self, at):
        """Return the cost of breaking before a word."""
        kinds = self.kinds
        cost = _LINE
        if at:
            before = kinds[at - 1]
            if before & _PERIOD:
                cost += -_SENTENCE if before & _FINAL else _ABBREVIATION
            elif before & _POINTED:
                cost -= _PUNCTUATION
            elif at > 1 and kinds[at - 2] & _FINAL:
                cost += _WIDOW // (self.widths[at - 1] + 2)
        if kinds[at] & _OPENS:
            cost -= _PUNCTUATION
        elif kinds[at] & _FINAL:
            cost += _ORPHAN // (self.widths[at] + 2)
        return cost

    def put(self, breaks, end):
        """Write the lines up to the word `end`."""
        at = place = 0
        while at < end:
            out = []
            column = self.blanks(out, 0, self.other if at else self.first)
            last = breaks[at]
            while at < last:
                out.append(self.text[place : place + self.sizes[at]])
                place += self.sizes[at]
                column += self.widths[at]
                at += 1
                if at < last:
                    column = self.blanks(out, column, self.spaces[at - 1])
            self.last = column
            out.append(b"\n")
            self.write(b"".join(out))

    def blanks(self, out, column, count):
        """Append blanks to out, with tabs if the input has some. Return the column after them."""
        target = column + count
        stop = target // 8 * 8
        if self.tabs and column + 1 < stop:
            out.append(b"\t" * ((stop - column + 7) // 8))
            column = stop
        out.append(b" " * (target - column))
        return target


def _width(word):
    """Return the characters of a word."""
    return sum([byte & 0xC0 != 0x80 for byte in word]) if max(word) > 127 else len(word)


def _expanded(line):
    """Return a line with its tabs expanded."""
    parts = line.split(b"\t")
    column = 0
    for i in range(len(parts) - 1):
        size = _width(parts[i]) if parts[i] else 0
        blanks = 8 - (column + size) % 8
        parts[i] += b" " * blanks
        column += size + blanks
    return b"".join(parts)


def _kind(text, at, end):
    """Return the flags of the word text[at:end]."""
    last = text[end - 1]
    kind = _OPENS if text[at] in b"(['`\"" else 0
    if 33 <= last < 127 and not bytes((last,)).isalpha() and not 48 <= last < 58:
        kind |= _POINTED
    end -= 1
    while end > at and text[end] in b")]'\"":
        end -= 1
    return kind | _PERIOD if text[end] in b".?!" else kind
