# Shared by the programs in /bin: options, operands, input files, messages.
#
#   opts, files = options(args, "clmw")     letters; "n:" takes a value; long names as a tuple of (name, letter)
#   for name, stream in inputs(files): while batch := await stream.lines(): for line in batch: ...
#   while data := await stream.block():     complete lines with their newlines
#   return await each(files, work)          await work(name, stream) for each; a failed file does not stop the others
#   complain(path, error)                   print "program: path: reason" on stderr, set exit status 1 and continue

import gc
import os
import sys

from micropython import const

from base.errors import Failure, Usage
from base.paths import join
from process import cpu
from process.files import FileStream

ON_LOOP = True  # a program that takes something from here never runs in a thread: see process.load
_EPIPE = const(32)
_FREE_MIN = const(65_536)  # bytes of free heap below which a large program unloads what its next step does not need


class Options:
    """The parsed options: opts["n"] is True, a value, or None if the option was not given."""

    def __init__(self):
        self.given = {}
        self.order = []  # (letter, value) in the order given

    def __getitem__(self, letter):
        return self.given.get(letter)

    def __contains__(self, letter):
        return letter in self.given

    def number(self, letter, default):
        """Return the value of an option as an int, or default if it was not given."""
        value = self.given.get(letter)
        return default if value is None else integer(value)

    def all(self, letter):
        """Return all values of an option that can be repeated."""
        return [value for given, value in self.order if given == letter]

    def _take(self, letter, value):
        self.given[letter] = value
        self.order.append((letter, value))


def options(args, letters, long=(), numbers=None, most=None):
    """Parse the options in args: (Options, operands).

    letters: "ab:c" as in POSIX getopt. They can be combined (-ab); a value is attached (-b5) or the next argument.
    long: (("all", "a"), ("lines", "b"), ...) allows --all and --lines=5 or --lines 5. A long option without a letter is its
    own key: "total", or "suffix:" if it takes a value. Many of them take less memory as one string: "all=a total suffix:".
    numbers: the letter that -5 stands for. most: maximum number of operands.
    "--" ends the options, "-" is an operand, --help prints the head comment, --version the system's version.
    Anything else raises Usage.
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
            i = take_long(take, args, i, long, letters)
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


def take_long(take, args, i, long, letters):
    """Parse the long option before args[i], and its value, which may be there; returns the index behind."""
    arg = args[i - 1]
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
        if i >= len(args):
            raise Usage("option requires an argument", arg)
        value = args[i]
        i += 1
    take(letter, value)
    return i


def find_long(name, long, letters):
    """Return (key, whether it takes a value) of a long option. The key of an unknown one is None."""
    for entry in long.split() if isinstance(long, str) else long:
        full, _, letter = entry.partition("=") if isinstance(entry, str) else (entry[0], "", entry[1])
        if full == name and name:
            return letter or name, letter + ":" in letters if letter else False
        if full == name + ":":
            return name, True
    return None, False


def integer(text):
    """Convert text to an int, or raise Usage."""
    try:
        return int(text)
    except ValueError:
        raise Usage("invalid number", text)


def complain(obj, why):
    """Report an error with an operand and continue. The exit status becomes 1."""
    process = cpu.current
    if isinstance(why, OSError) and why.args and why.args[0] == _EPIPE:
        raise why  # the output has no reader: stop
    if isinstance(why, Failure):
        obj, why = why.obj or obj, why.reason
    elif isinstance(why, OSError) and len(why.args) > 1 and why.args[0] > 0:
        obj = why.args[1]
    process.complain(obj, why)
    process.failed = 1


def odd(directory, name, why="the name is not UTF-8"):
    """Report a name (bytes) that is not valid UTF-8: a callback of base.files.Walk and listed()."""
    from text.visible import safe  # late: such names are rare

    complain(join(directory, safe(name)), why)


def status():
    """Return the exit status: 1 after complain(), else 0."""
    return cpu.current.failed


def open_input(path):
    """Open path for reading as a stream ("-": standard input). A directory raises OSError, too."""
    if path == "-":
        return cpu.current.stdin
    try:
        if os.stat(path)[0] & 0x4000:
            raise OSError(21)  # EISDIR, since open() succeeds on some file systems
        return FileStream(open(path, "rb"), path)
    except OSError as e:
        raise OSError(e.errno, path)  # not all file systems include the path


def inputs(files, quiet=False):
    """Yield (name, stream) for each operand, or for standard input if there is none.

    A file that cannot be opened is reported (quiet: only sets the exit status) and skipped. Each stream is closed before
    the next one is opened.
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
    """Run `await work(name, stream)` for each of inputs() and return the exit status.

    A file that fails, for example because of a line that is too long, is reported, and the others are processed.
    """
    for name, stream in inputs(files):
        try:
            await work(name, stream)
        except Failure as e:
            complain(name, e)
    return cpu.current.failed


async def confirm(question):
    """Ask on stderr and read a line from stdin. Return True if the answer starts with y or Y."""
    process = cpu.current
    process.stderr.write(question)
    return (await process.stdin.readline())[:1] in (b"y", b"Y")


def protected(path):
    """Raise Failure if path is a system file protected by system.conf (`pfiles`)."""
    from base import config  # late: only for protected paths

    if config.protected(path, cpu.current.cwd):
        raise Failure(path, "is a protected system file")


def unload_if_short(*names):
    """If memory is short, unload the modules whose names begin so: before a program's next step, or at its end."""
    if gc.mem_free() >= _FREE_MIN:
        return
    from base.modules import unload  # late: few programs do this

    found = True
    while found:  # a list of all modules may be more than there is
        found = False
        for module in sys.modules:
            if module.startswith(names):
                unload(module)
                found = True
                break


def inform(word):
    """If word is --help or --version, print that and end the program."""
    if word == "--version":
        from base import VERSION  # late: only for --version

        cpu.current.stdout.write(f"{cpu.current.name} (Diatom) {VERSION}\n")
    elif word in ("--help", "--h"):
        show_help(cpu.current)
    else:
        return
    raise SystemExit(0)


def show_help(process):
    """Print the manual of the running program, for --help."""
    from manual import manual, show  # late: only for --help

    show(process, list(manual(started(process))) or ("no manual entry",))


def started(process):
    """Return the path that a process was started from, or its name."""
    return process.main if isinstance(process.main, str) else process.name


def usage(process):
    """Print the usage lines of the manual to stderr."""
    from manual import usage  # late: only for usage errors

    for line in usage(started(process)):
        process.stderr.write(line + "\n")
