# jq - look into JSON and change it
# usage: jq [-acejnrsSMCt] [-i N] [--arg NAME TEXT] [--argjson NAME JSON] FILTER [FILE...]
#        jq FILE | VARIABLE
#
# Applies FILTER to each JSON value of the FILEs or standard input and prints the results, indented by 2.
#   -c  each on one line      -r  strings without quotes      -j  also without an end of line      -S  keys sorted
#   -n  no input: null        -s  all values as one array     -e  status 1 where the last result is false or null
#   -a  only ASCII      -t, --tab  indent with tabs      -i N, --indent N  with N blanks      -M -C  change nothing
# FILTER: .a.b[0] ."a" .[2:4] .[] .a? .. | , ( ) // + - * / % == != < and or not, [..] {..} "..\(..)", if, try, as $x,
#   reduce, foreach, = |= +=, @csv @tsv @base64 @uri @html @sh, and select map keys values length has type add sort_by
#   group_by unique min max first last range limit to_entries with_entries del paths test split join ... (man jq)
# One operand that is a file, or a variable with JSON or a value in it, is printed as it is: upyOS's jq.
# Deviations: no input, dates, modules; regular expressions are those of POSIX; infinite results are cut at 20000.

from base.errors import Failure, Usage
from program import inputs, options, status
from text import json, leave

proc = None

SIZE_MAX = 65536  # bytes of one JSON text, or of a line of several


async def __main__(args):
    names = {}
    args = variables(args, names)
    opts, words = options(
        args,
        "acejnrsSMCi:t",
        (
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
        ),
    )
    if not words:
        raise Usage("missing FILTER")
    text, files = words[0], words[1:]
    values = None
    if not files:
        values = variable(text)
        if values is None and is_file(text):
            text, files = ".", words
    if values is not None:
        text = "."
    tree = load(text)
    from text import jqrun  # here, since a program that is kept would keep what it names at the top

    printer = Printer(opts, jqrun)
    if "n" in opts:
        values = [None]
    if values is not None:
        for value in values:
            printer.show(tree, value, names)
        return printer.status()
    found = []
    for name, stream in inputs(files):
        try:
            await read(stream, found.append if "s" in opts else lambda value: printer.show(tree, value, names))
        except Failure as e:
            raise Failure(name if name != "-" else "", e.reason, 2)
    if "s" in opts:
        printer.show(tree, found, names)
    return printer.status() or status()


def load(text):
    """The tree for the filter. What it needs is imported here, at a shallow place, and not where it is called."""
    from text.jqparse import parse

    calls = []
    try:
        tree = parse(text, calls)
    except Failure as e:
        raise Failure("", e.reason, 3)
    parse = None
    leave("jqparse")
    from text import jqfun  # late: the filter has been read

    if any(key not in jqfun.SIMPLE and key not in jqfun.TREES for key in calls):
        from text import jqmore  # noqa: F401
    if "@" in text:
        from text import jqform  # noqa: F401
    if "=" in text or ("del", 1) in calls or ("path", 1) in calls:
        from text import jqpath  # noqa: F401
    return tree


def variables(args, names):
    """Take --arg and --argjson off args."""
    rest = []
    i = 0
    while i < len(args):
        if args[i] in ("--arg", "--argjson") and i + 2 < len(args):
            names[args[i + 1]] = args[i + 2] if args[i] == "--arg" else one(args[i + 2].encode())
            i += 3
        else:
            rest.append(args[i])
            i += 1
    return rest


def one(data):
    found = json.read(data)
    if found is None:
        raise Failure("", "empty JSON", 2)
    return found[0]


def variable(name):
    """[value] for the name of a variable of the shell; None where it is none."""
    value = proc.getenv(name) if name and name[0] != "." else None
    if value is None:
        return None
    return [one(value.encode())] if isinstance(value, str) else [value]


def is_file(path):
    from base.paths import isfile

    return path != "." and isfile(path)


async def read(stream, use):
    """Give each JSON value of a stream to use()."""
    data = b""
    while True:
        more = await stream.read()
        data = data + more if data else more
        if more and b"\n" not in more and len(data) <= SIZE_MAX:
            continue
        while data:
            try:
                found = json.read(data)
            except Failure:
                if not more:
                    raise
                found = ()  # perhaps it goes on
            if not found:
                break
            if more and json.skip(data, found[1]) >= len(data) and data[found[1] - 1] not in b']}"':
                break  # a number may go on
            data = data[found[1] :]
            use(found[0])
        if not more:
            return
        if len(data) > SIZE_MAX:
            raise Failure("", f"JSON longer than {SIZE_MAX} bytes")


class Printer:
    """Prints results as the options say."""

    def __init__(self, opts, jqrun):
        self.opts = opts
        self.jqrun = jqrun
        self.last = False  # for -e
        self.failed = 0
        indent = opts.number("i", 2)
        self.indent = None if "c" in opts or not indent else "\t" if "t" in opts else " " * indent

    def show(self, tree, value, names):
        """Print all results of the filter for one value."""
        try:
            for found in self.jqrun.run(tree, value, names):
                self.print(found)
        except self.jqrun.Error as e:
            proc.complain("", e.reason)
            self.failed = 5

    def print(self, value):
        self.last = value
        write = proc.stdout.write
        opts = self.opts
        if isinstance(value, str) and ("r" in opts or "j" in opts):
            write(value)
        elif "a" in opts:
            write("".join([ascii(piece) for piece in json.write(value, self.indent, "S" in opts)]))
        else:
            for piece in json.write(value, self.indent, "S" in opts):
                write(piece)
        if "j" not in opts:
            write("\n")

    def status(self):
        return self.failed or ("e" in self.opts and not self.jqrun.true(self.last)) * 1


def ascii(text):
    """Text with what is not ASCII as \\u0000."""
    out = []
    for c in text:
        code = ord(c)
        if code > 0xFFFF:
            code -= 0x10000
            out.append(f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 1023):04x}")
        else:
            out.append(c if code < 128 else f"\\u{code:04x}")
    return "".join(out)
