# find's expressions: parsed once, evaluated for each file.
#
# An expression is a list of alternatives, each a list of terms (negated, name, argument). The argument of a "(" is
# another expression.

import os
from time import time

from micropython import const

from base import attributes
from base.errors import Usage
from base.files import listed, unlink
from base.paths import basename, dirname, normal
from process import cpu
from program import protected
from text.modes import changed
from text.pattern import match

EXEC_MAX = const(50)  # paths per command of -exec ... +

_PLAIN = ("empty", "print", "print0", "delete", "prune", "quit", "true", "false", "readable", "writable", "executable")
_NOTHING = ("xdev", "mount", "noleaf", "ignore_readdir_race")
_WORD = (
    "name",
    "iname",
    "path",
    "ipath",
    "wholename",
    "iwholename",
    "type",
    "size",
    "newer",
    "newermt",
    "mtime",
    "mmin",
)
_WORD += ("regex", "iregex", "execdir", "exec", "ok", "printf", "samefile", "lname", "ilname", "perm")
_ACTIONS = ("print", "print0", "printf", "delete", "execdir", "exec", "ok", "quit")
_UNITS = {"b": 512, "c": 1, "w": 2, "k": 1024, "M": 1048576, "G": 1073741824}


class Entry:
    """A file to be tested."""

    def __init__(self, path, directory, depth, top=""):
        self.path = path
        self.top = top  # the starting point
        self.directory = directory
        self.depth = depth
        self.prune = False
        self._stat = None

    def stat(self):
        """Return its os.stat(), cached."""
        if self._stat is None:
            self._stat = attributes.stat(self.path, cpu.current.cwd)
        return self._stat


class Expression:
    """A parsed expression."""

    def __init__(self, words):
        self.words = words
        self.at = 0
        self.deepest = 1 << 30
        self.least = 0
        self.depth = False  # process a directory after its contents
        self.quit = False
        self.acts = False
        self.batches = []  # (command, pending paths) of -exec ... +
        self.extended = False  # -regex takes extended regular expressions
        self.terms = self._alternatives(False)
        if not self.acts:
            self.terms = [[(False, "(", self.terms), (False, "print", None)]]

    def _next(self, after):
        if self.at >= len(self.words):
            raise Usage("missing argument", after)
        self.at += 1
        return self.words[self.at - 1]

    def _alternatives(self, nested):
        alternatives = [[]]
        negated = False
        while self.at < len(self.words):
            word = self._next("")
            if word in ("!", "-not"):
                negated = not negated
                continue
            if word == ")" and nested:
                break
            if word in ("-o", "-or"):
                alternatives.append([])
            elif word not in ("-a", "-and"):
                term = self._term(word)
                if term:
                    alternatives[-1].append((negated,) + term)
            negated = False
        else:
            if nested:
                raise Usage("( without )")
        if negated or (len(alternatives) > 1 and not all(alternatives)):
            raise Usage("an operator without its test")
        return alternatives

    def _term(self, word):
        """Parse a term: (name, argument), or None for an option."""
        if word == "(":
            return "(", self._alternatives(True)
        name = word[1:]
        if word[:1] != "-":
            raise Usage("paths come before the tests", word)
        if name in _NOTHING:
            return None
        if name == "depth":
            self.depth = True
            return None
        if name == "regextype":
            self.extended = self._next(word) in ("posix-extended", "posix-egrep", "egrep", "awk", "posix-awk")
            return None
        if name in ("maxdepth", "mindepth"):
            value = self._number(self._next(word), word)
            if name == "maxdepth":
                self.deepest = value
            else:
                self.least = value
            return None
        if name not in _PLAIN and name not in _WORD:
            raise Usage("unknown test", word)
        self.acts = self.acts or name in _ACTIONS
        if name == "delete":
            self.depth = True
        return name, self._argument(name, word) if name in _WORD else None

    def _argument(self, name, word):
        value = self._next(word)
        if name in ("exec", "execdir", "ok"):
            return self._command(value, word)
        if name in ("regex", "iregex"):
            from find.format import whole  # late: rare

            return whole(value, self.extended, name == "iregex")
        if name == "type":
            value = value.split(",")
            for letter in value:
                if len(letter) != 1 or letter not in "fdclpsb":
                    raise Usage("is f, d or c", word)
        elif name == "newer":
            return attributes.stat(value, cpu.current.cwd)[8]
        elif name == "newermt":
            from base.parse_date import parse  # late: rare

            try:
                return parse(value, cpu.current.getenv("TZ") or "")[0]
            except (ValueError, OverflowError):
                raise Usage("invalid date", value)
        elif name == "printf":
            from find.format import parse  # late: rare

            return parse(value)
        elif name == "samefile":
            os.stat(value)
            return normal(value, cpu.current.cwd)
        elif name == "perm":
            return _permission(value, word)
        elif name in ("size", "mtime", "mmin"):
            sign = value[0] if value[:1] in ("+", "-") else ""
            digits = value[len(sign) :]
            unit = {"mtime": 86400, "mmin": 60}.get(name, 512)
            if name == "size" and digits[-1:] in _UNITS:
                unit = _UNITS[digits[-1]]
                digits = digits[:-1]
            return sign, self._number(digits, word), unit
        return value

    def _command(self, value, word):
        command = []
        while value != ";":
            if value == "+" and command[-1:] == ["{}"] and word != "-execdir":
                batch = (command[:-1], [])
                self.batches.append(batch)
                return batch
            command.append(value)
            value = self._next(word)
        return command, None

    def _number(self, text, word):
        if not text.isdigit():
            raise Usage("invalid number", word)
        return int(text)

    async def holds(self, entry, terms=None):
        """Evaluate the expression for entry, running its actions, and return the result."""
        for alternative in terms or self.terms:
            for negated, name, value in alternative:
                if name == "(":
                    result = await self.holds(entry, value)
                elif name in ("exec", "ok"):
                    result = await self._exec(value, entry.path, name == "ok")
                elif name == "execdir":
                    result = not await cpu.current.run(within(value[0], entry.path))
                else:
                    result = self._test(name, value, entry)
                if result == negated:
                    break
            else:
                return True
        return False

    def _test(self, name, value, entry):
        path = entry.path
        if name in ("name", "iname"):
            return _match(value, basename(path), name == "iname")
        if name == "type":
            if entry.directory:
                return "d" in value
            device = "dev/" in path and entry.stat()[0] & 0xF000 == 0x2000  # only files in /dev are devices
            return ("c" if device else "f") in value
        if name == "print":
            cpu.current.stdout.write(path + "\n")
        elif name == "print0":
            cpu.current.stdout.write(path + "\0")
        elif name == "printf":
            from find.format import fill  # late: only for -printf

            cpu.current.stdout.write(fill(value, entry, entry.top))
        elif name in ("path", "ipath", "wholename", "iwholename"):
            return _match(value, path, name[0] == "i")
        elif name == "samefile":
            return normal(path, cpu.current.cwd) == value
        elif name == "perm":
            sign, bits = value
            mode = entry.stat()[0] & 0o7777
            return mode & bits == bits if sign == "-" else not bits or mode & bits > 0 if sign == "/" else mode == bits
        elif name in ("lname", "ilname"):
            return False
        elif name in ("regex", "iregex"):
            data = path.encode()
            found = value.search(data)
            return bool(found) and found[1] == len(data)
        elif name == "executable":
            return entry.directory or entry.stat()[0] & 0o111 != 0
        elif name == "size":
            sign, number, unit = value
            if entry.directory:  # a directory has none
                return False
            size = entry.stat()[6]
            return _compare(sign, (size + unit - 1) // unit, number)
        elif name in ("mtime", "mmin"):
            sign, number, unit = value
            return _compare(sign, (int(time()) - entry.stat()[8]) // unit, number)
        elif name in ("newer", "newermt"):
            return entry.stat()[8] > value
        elif name == "empty":
            return _empty(path) if entry.directory else not entry.stat()[6]
        elif name == "delete":
            protected(path)
            if entry.directory:
                if path != ".":
                    os.rmdir(path)
            else:
                unlink(path)
        elif name == "prune":
            entry.prune = True
        elif name == "quit":
            self.quit = True
        return name != "false"

    async def _exec(self, value, path, ask):
        command, paths = value
        if paths is not None:
            paths.append(path)
            if len(paths) >= EXEC_MAX:
                await self._batch(value)
            return True
        words = [word.replace("{}", path) for word in command]
        if ask:
            from program import confirm  # late: only for -ok

            if not await confirm(f"{' '.join(words)}? "):
                return False
        return not await cpu.current.run(words)

    async def _batch(self, batch):
        command, paths = batch
        words = command + paths
        paths.clear()
        if await cpu.current.run(words):
            cpu.current.failed = 1

    async def finish(self):
        """Run the pending commands of -exec ... +."""
        for batch in self.batches:
            if batch[1]:
                await self._batch(batch)


def within(command, path):
    """Return the words that run a command in the directory of a file."""
    words = ["sh", "-c", 'cd "$0" && "$@"', dirname(path) or "."]
    return words + [word.replace("{}", "./" + basename(path)) for word in command]


def _empty(directory):
    odd = []
    return next(listed(directory, lambda _, name: odd.append(name)), None) is None and not odd


def _permission(text, word):
    """Parse the argument of -perm, octal digits or a symbolic mode: (sign, bits)."""
    sign = text[0] if text[:1] in ("-", "/") else ""
    try:
        return sign, changed(0, text[len(sign) :])
    except Usage:
        raise Usage("invalid mode", word)


def _match(pattern, text, fold):
    if not fold:
        return match(pattern, text)
    from text.case import lower  # late: rare

    return match(lower(pattern), lower(text))


def _compare(sign, value, number):
    return value > number if sign == "+" else value < number if sign == "-" else value == number
