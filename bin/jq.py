# jq - query and transform JSON
# usage: jq [-acejnrsSMCtR] [-i N] [OPTION...] FILTER [FILE...]
#        jq [OPTION...] -f FILTERFILE [FILE...]
#        jq FILE | VARIABLE
#
# Applies FILTER to each JSON value of the FILEs or standard input and prints the results, indented by 2.
#   -c  each on one line      -r  strings without quotes      -j  also without newlines      -S  keys sorted
#   -n  no input: null (input and inputs read it)      -s  all values as one array      -R  lines of text, not JSON
#   -e  status 1 if the last result is false or null, 4 if there is none      -f FILE  read the filter from FILE
#   -a  only ASCII      -t, --tab  indent with tabs      -i N, --indent N  with N blanks      -M -C  no effect
#   --arg NAME TEXT, --argjson NAME JSON, --slurpfile NAME FILE, --rawfile NAME FILE  set $NAME
#   --args, --jsonargs  other operands are $ARGS.positional      --stream  [path, value] of each part      --seq  RS before each
# FILTER: .a.b[0] ."a" .[2:4] .[] .a? .. | , ( ) // + - * / % == != < and or not, [..] {..} "..\(..)", if, try, def,
#   as $x, as [$x, {a: $y}], reduce, foreach, label, = |= +=, @csv @tsv @base64 @uri @html @sh, and the functions that
#   `jq -n 'builtins'` lists: select map keys length add sort_by group_by range limit paths test sub strftime input ...
# A single operand that is a file, or a variable with JSON or a value, is printed: upyOS's jq.
# Deviations: no modules, colours, input_filename; regular expressions are those of POSIX with \d and named groups; whole numbers
# stay exact; an array has at most 20000 items.

import asyncio

from base.errors import Failure, Usage
from base.paths import isfile
from jq import json
from program import inputs, options, status, unload_if_short

proc = None

# Modules in use: these references keep them from being unloaded. (Imports at the top level would be kept with the image
# of the program.)
interpreter = builtins = None

SIZE_MAX = 65536  # limit for one JSON text, and for a line of several, in bytes

LONG = (
    ("compact-output", "c"),
    ("raw-output", "r"),
    ("join-output", "j"),
    ("null-input", "n"),
    ("slurp", "s"),
    ("exit-status", "e"),
    ("sort-keys", "S"),
    ("ascii-output", "a"),
    ("monochrome-output", "M"),
    ("color-output", "C"),
    ("indent", "i"),
    ("tab", "t"),
    ("raw-input", "R"),
    ("from-file", "f"),
    "stream",
    "seq",
)


async def __main__(args):
    names = {}
    args = await variables(args, names)
    opts, words = options(args, "acejnrsSMCi:tRf:", LONG)
    values = None
    if "f" in opts:
        text = decoded(await whole(opts["f"]))
        files = words
    else:
        if not words:
            raise Usage("missing FILTER")
        text, files = words[0], words[1:]
        if not files:
            values = variable(text)
            if values is None and is_file(text):
                text, files = ".", words
            elif values is not None:
                text = "."
    tree = load("tostream | " + text if "stream" in opts else text)
    source = Source(files, opts)
    printer = Printer(opts)
    if values is None and "n" in opts:
        values = [None]
    if values is None and "s" in opts:
        values = [await source.all()]
    if values is None:
        while found := await source.next():
            await apply(tree, found[0], names, source, printer)
    else:
        for value in values:
            await apply(tree, value, names, source, printer)
    return printer.status() or 2 * status()


async def apply(tree, value, names, source, printer):
    """Print all results of the filter for one value."""
    machine = interpreter.run(tree, value, names)
    reply = None
    try:
        while True:
            found = machine.send(reply)
            reply = None
            if found is interpreter.WANT:
                reply = await source.next()
            elif found is not interpreter.PAUSE:
                printer.print(found)
            if found is interpreter.PAUSE or proc.stdout.full:
                await asyncio.sleep_ms(0)
    except StopIteration:
        pass
    except interpreter.Error as e:
        proc.complain("", e.reason)
        printer.failed = 5


def load(text):
    """Parse the filter into a tree. Import its modules here, where the C stack is shallow, rather than where they are called."""
    global interpreter, builtins
    from jq.parser import parse  # late: unloaded when the filter is read

    calls = []
    try:
        tree = parse(text, calls)
    except Failure as e:
        raise Failure("", e.reason, 3)
    parse = None
    unload_if_short("jq.parser", "jq.lexer")
    from jq import interpreter  # late: after parsing

    if calls:
        from jq import builtins  # late: with the filter

        builtins.prepare(calls)  # parses definitions in jq's language
        unload_if_short("jq.parser", "jq.lexer")
    return tree


async def variables(args, names):
    """Remove the options that define variables from args."""
    from collections import OrderedDict  # late: only for upyOS's form

    rest = []
    named = OrderedDict()
    positional = []
    i = 0
    kind = ""
    while i < len(args):
        word = args[i]
        if word in ("--arg", "--argjson", "--slurpfile", "--rawfile") and i + 2 < len(args):
            name, value = args[i + 1 : i + 3]
            if word == "--argjson":
                value = parse_one(value.encode())
            elif word != "--arg":
                value = await whole(value)
                value = decoded(value) if word == "--rawfile" else each(value)
            named[name] = value
            i += 3
            continue
        i += 1
        if word in ("--args", "--jsonargs"):
            kind = word
        elif kind and rest and rest[-1:] != ["-f"] and word[:1] != "-" and any(w[:1] != "-" for w in rest):
            positional.append(word if kind == "--args" else parse_one(word.encode()))
        else:  # a filter may begin with a minus
            rest.append(" " + word if word[:1] == "-" and word[1:2] and word[1] in "(.$0123456789[" else word)
    for name in named:
        names[name] = named[name]
    names["ARGS"] = OrderedDict((("positional", positional), ("named", named)))
    return rest


async def whole(path):
    """Return the bytes of a file."""
    data = b""
    for _, stream in inputs([path]):
        while more := await stream.read():
            data += more
            if len(data) > SIZE_MAX:
                raise Failure(path, f"longer than {SIZE_MAX} bytes")
    if status():
        raise SystemExit(2)
    return data


def each(data):
    """Return all JSON values in data."""
    found = []
    at = 0
    while pair := json.read(data, at):
        found.append(pair[0])
        at = pair[1]
    return found


def parse_one(data):
    found = each(data)
    if len(found) != 1:
        raise Failure("", "expected one JSON value", 2)
    return found[0]


def variable(name):
    """Return [value] of a shell variable, or None if it is not set."""
    value = proc.getenv(name) if name and name[0] != "." else None
    if value is None:
        return None
    return [parse_one(value.encode())] if isinstance(value, str) else [value]


def is_file(path):
    return path != "." and isfile(path)


def decoded(data):
    """Decode lines."""
    try:
        return data.decode()
    except UnicodeError:
        from base.surrogates import loose  # late: most text is valid UTF-8

        # JSON must be valid UTF-8: like jq, put the replacement character for an invalid byte.
        return "".join(["\ufffd" if 0xDC80 <= ord(c) <= 0xDCFF else c for c in loose(data)])


class Source:
    """Reads the values of the inputs in turn."""

    def __init__(self, files, opts):
        self.streams = inputs(files)
        self.stream = None
        self.name = ""
        self.data = b""
        self.at = 0  # index of the next value in data
        self.raw = "R" in opts
        self.lines = []

    async def all(self):
        """Return the input of -s: a list of all values, or all text."""
        found = []
        if not self.raw:
            while pair := await self.next():
                found.append(pair[0])
            return found
        while self.open():
            while more := await self.stream.read():
                found.append(more)
            self.stream = None
        return decoded(b"".join(found))

    def open(self):
        """Open the next stream if necessary. Return False at the end."""
        if self.stream is None:
            found = next(self.streams, None)
            if found:
                name, self.stream = found
                self.name = name if name != "-" else ""
        return self.stream is not None

    async def next(self):
        """Return (value,), or None at the end."""
        while self.data or self.open():
            if self.raw:
                line = await self.stream.readline()
                if line:
                    return (decoded(line[:-1] if line[-1:] == b"\n" else line),)
                self.stream = None
                continue
            found = self.take(False) if self.data else None
            if found:
                return found
            more = await self.stream.read()
            while more and b"\n" not in more and len(self.data) + len(more) <= SIZE_MAX:
                self.data = self.data[self.at :] + more
                self.at = 0
                more = await self.stream.read()
            self.data = self.data[self.at :] + more
            self.at = 0
            if more:
                if len(self.data) > SIZE_MAX and not self.begins():
                    raise Failure(self.name, f"JSON longer than {SIZE_MAX} bytes", 2)
                continue
            found = self.take(True)
            if found:
                return found
            self.data = b""
            self.stream = None
        return None

    def begins(self):
        """Return whether data starts with a complete value."""
        try:
            return json.read(self.data, self.at) is not None
        except Failure:
            return False

    def take(self, last):
        """Return (value,) from data, or None if it is incomplete or there is none. last: the input has ended."""
        try:
            found = json.read(self.data, self.at)
        except Failure as e:
            if last:
                raise Failure(self.name, e.reason, 2)
            return None
        if not found:
            return None
        if not last and json.skip(self.data, found[1]) >= len(self.data) and self.data[found[1] - 1] not in b']}"':
            return None  # a number might continue
        self.at = found[1]
        return (found[0],)


class Printer:
    """Prints results in the format of the options."""

    def __init__(self, opts):
        self.opts = opts
        self.last = None  # for -e
        self.any = False
        self.failed = 0
        indent = opts.number("i", 2)
        self.indent = None if "c" in opts or not indent else "\t" if "t" in opts else " " * indent

    def print(self, value):
        self.last = value
        self.any = True
        write = proc.stdout.write
        opts = self.opts
        if "seq" in opts:
            write("\x1e")
        if isinstance(value, str) and ("r" in opts or "j" in opts) and "a" not in opts:
            write(value)
        elif "a" in opts:
            write("".join([ascii(piece) for piece in json.write(value, self.indent, "S" in opts)]))
        else:
            for piece in json.write(value, self.indent, "S" in opts):
                write(piece)
        if "j" not in opts:
            write("\n")

    def status(self):
        if self.failed or "e" not in self.opts:
            return self.failed
        return 4 if not self.any else 1 if self.last is None or self.last is False else 0


def ascii(text):
    """Escape characters beyond ASCII as \\u0000."""
    out = []
    for c in text:
        code = ord(c)
        if code > 0xFFFF:
            code -= 0x10000
            out.append(f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 1023):04x}")
        else:
            out.append(c if code < 128 else f"\\u{code:04x}")
    return "".join(out)
