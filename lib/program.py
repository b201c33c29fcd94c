# What programs in /bin share: options, operands, files-or-stdin, messages and figures for people.
#
#   opts, files = options(args, "clmw")     letters; "n:" takes a value; long names as a tuple of (name, letter)
#   for name, stream in inputs(files): while batch := await stream.lines(): for line in batch: ...
#   while data := await stream.block():     whole lines as they stand, newlines and all
#   return await each(files, work)          await work(name, stream) for each, also behind one with too long a line
#   complain(path, error)                   "program: path: reason" on stderr, exit status 1, and the program goes on

import os

from micropython import const

from base.errors import Failure, Usage
from base.paths import join
from process import cpu
from process.files import FileStream

ON_LOOP = True  # a program that takes something from here never runs in a thread: see process.load
_EPIPE = const(32)


class Options:
    """The options given: opts["n"] is True, a value, or None where the option was not given."""

    def __init__(self):
        self.given = {}
        self.order = []  # (letter, value) as they came

    def __getitem__(self, letter):
        return self.given.get(letter)

    def __contains__(self, letter):
        return letter in self.given

    def number(self, letter, default):
        """The value of an option as an int, or default where it was not given."""
        value = self.given.get(letter)
        return default if value is None else integer(value)

    def all(self, letter):
        """The values of an option that may be given several times."""
        return [value for given, value in self.order if given == letter]

    def _take(self, letter, value):
        self.given[letter] = value
        self.order.append((letter, value))


def options(args, letters, long=(), numbers=None, most=None):
    """Take the options off args: (Options, operands).

    letters: "ab:c" as POSIX getopt; combined (-ab), with the value attached (-b5) or as the next argument.
    long: (("all", "a"), ("lines", "b"), ...) gives --all and --lines=5 or --lines 5. A long option without a letter is its
    own key: "total", or "suffix:" if it takes a value. Many of them take less memory as one text: "all=a total suffix:".
    numbers: the letter that -5 means. most: how many operands there may be.
    "--" ends the options, "-" is an operand, --help prints the head comment, --version the system's version.
    Raises Usage for anything else.
    """
    found = Options()
    take = found._take
    operands = []
    i = 0
    n = len(args)
    while i < n:
        arg = args[i]
        i += 1
        if len(arg) < 2 or arg[0] != "-":
            operands.append(arg)
            continue
        if arg == "--":
            operands.extend(args[i:])
            break
        if arg[:2] == "--":
            name, equals, value = arg[2:].partition("=")
            if not equals and name in ("help", "h", "version"):
                inform(arg)
            letter, valued = find_long(name, long, letters)
            if letter is None:
                raise Usage("invalid option", arg)
            if not valued:
                if equals:
                    raise Usage("option does not allow an argument", "--" + name)
                value = True
            elif not equals:
                if i >= n:
                    raise Usage("option requires an argument", arg)
                value = args[i]
                i += 1
            take(letter, value)
            continue
        if numbers and arg[1:].isdigit():
            take(numbers, arg[1:])
            continue
        j = 1
        while j < len(arg):
            letter = arg[j]
            j += 1
            at = letters.find(letter)
            if at < 0 or letter == ":":
                raise Usage("invalid option", "-" + letter)
            if letters[at + 1 : at + 2] != ":":
                take(letter, True)
                continue
            value = arg[j:]
            if not value:
                if i >= n:
                    raise Usage("option requires an argument", "-" + letter)
                value = args[i]
                i += 1
            take(letter, value)
            break
    if most is not None and len(operands) > most:
        raise Usage("extra operand", operands[most])
    return found, operands


def find_long(name, long, letters):
    """(key, whether it takes a value) of a long option; the key of an unknown one is None."""
    for entry in long.split() if isinstance(long, str) else long:
        full, _, letter = entry.partition("=") if isinstance(entry, str) else (entry[0], "", entry[1])
        if full == name and name:
            return letter or name, letter + ":" in letters if letter else False
        if full == name + ":":
            return name, True
    return None, False


def integer(text):
    """text as an int; Usage where it is none."""
    try:
        return int(text)
    except ValueError:
        raise Usage("invalid number", text)


def complain(obj, why):
    """Report an operand that cannot be served, and go on: the exit status becomes 1."""
    process = cpu.current
    if isinstance(why, OSError) and why.args and why.args[0] == _EPIPE:
        raise why  # nobody reads the output: there is no point in going on
    if isinstance(why, Failure):
        obj, why = why.obj or obj, why.reason
    elif isinstance(why, OSError) and len(why.args) > 1 and why.args[0] > 0:
        obj = why.args[1]
    process.complain(obj, why)
    process.failed = 1


def odd(directory, name, why="the name is not UTF-8"):
    """Report a name (bytes) that is no UTF-8: for base.files.Walk and listed()."""
    from text.visible import safe  # late: few files have such names

    complain(join(directory, safe(name)), why)


def status():
    """What a program returns that has used complain(): 1 if it did, else 0."""
    return cpu.current.failed


def open_input(path):
    """A stream that reads path ("-" is the standard input); raises OSError, also for a directory."""
    if path == "-":
        return cpu.current.stdin
    try:
        if os.stat(path)[0] & 0x4000:
            raise OSError(21)  # EISDIR, which open() does not say on every file system
        return FileStream(open(path, "rb"), path)
    except OSError as e:
        raise OSError(e.errno, path)  # for those who do not say it themselves


def inputs(files, quiet=False):
    """Yield (name, stream) for each operand, or for standard input where there is none.

    One that cannot be opened is reported (quiet: only counted as a failure) and the rest is done; each is closed
    behind itself.
    """
    for name in files or ("-",):
        try:
            stream = open_input(name)
        except OSError as e:
            if quiet:
                cpu.current.failed = 1
            else:
                complain(name, e)
            continue
        try:
            yield name, stream
        finally:
            if name != "-":
                stream.close()


async def each(files, work):
    """await work(name, stream) for each operand, as inputs() has them; returns the exit status.

    One that fails on the way, by a line that is too long, say, is reported, and the rest is done.
    """
    for name, stream in inputs(files):
        try:
            await work(name, stream)
        except Failure as e:
            complain(name, e)
    return cpu.current.failed


async def confirm(question):
    """Ask on stderr and read a line of stdin: True for an answer that starts with y or Y."""
    process = cpu.current
    process.stderr.write(question)
    return (await process.stdin.readline())[:1] in (b"y", b"Y")


def protected(path):
    """Raise Failure where path is one of the system files that system.conf protects (`pfiles`)."""
    from base import config

    if config.protected(path, cpu.current.cwd):
        raise Failure(path, "is a protected system file")


def inform(word):
    """Where word is --help or --version print that, and end the program."""
    if word == "--version":
        from base import VERSION

        cpu.current.stdout.write(f"{cpu.current.name} (Diatom) {VERSION}\n")
    elif word in ("--help", "--h"):
        show_help(cpu.current)
    else:
        return
    raise SystemExit(0)


def show_help(process):
    """Print the manual of the running program: what --help does."""
    from manual import manual, show

    show(process, list(manual(started(process))) or ("no manual entry",))


def started(process):
    """The path that a process was started from, or its name."""
    return process.main if isinstance(process.main, str) else process.name


def usage(process):
    """Print the usage lines of the manual to stderr."""
    from manual import usage

    for line in usage(started(process)):
        process.stderr.write(line + "\n")
