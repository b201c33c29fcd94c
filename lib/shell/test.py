# The evaluator of test and [ : POSIX, -nt -ot -ef < >, -a -o ( ), and upyOS's -p NAME and -g GPIO.
#
# It does not recurse (DESIGN law 8): operators wait on a stack until what they bind is known.

import os

from base.errors import Usage
from base.files import attributes
from base.paths import DIRECTORY, normal
from process import cpu
from process import process as processes
from process.find import find

_STRINGS = ("=", "==", "!=", "<", ">")
_NUMBERS = ("-eq", "-ne", "-lt", "-le", "-gt", "-ge")
_FILES = ("-nt", "-ot", "-ef")
_UNARY = "aefdsrwxzntLhpgbcuSkGONv"
_GIVEN = 0x10000  # base.attributes.GIVEN: chmod has set the mode
_BITS = {"k": 0o1000, "u": 0o4000, "g": 0o2000, "r": 0o400, "w": 0o200, "x": 0o100}
_NONE = (0,) * 10  # the state of a file that is not there


def evaluate(args):
    """The truth of the arguments of test; raises Usage for those that make no sense."""
    n = len(args)
    if n < 2:
        return n == 1 and args[0] != ""
    if n == 3 and _is_binary(args[1]):  # POSIX: looked at before ! and ( )
        return _binary(*args)
    if n == 3 and args[1] in ("-a", "-o"):
        left, right = args[0] != "", args[2] != ""
        return left and right if args[1] == "-a" else left or right
    if (n == 3 or n == 4) and args[0] == "(" and args[-1] == ")":
        return evaluate(args[1:-1])
    values = []
    waiting = []  # "(", "!", "-a", "-o"
    i = 0
    while True:
        i = _operand(args, i, values, waiting)
        while True:
            while waiting and waiting[-1] == "!":
                waiting.pop()
                values[-1] = not values[-1]
            if i < n and args[i] == ")" and "(" in waiting:
                i += 1
                while waiting[-1] != "(":
                    _join(values, waiting.pop())
                waiting.pop()
                continue
            break
        if i == n:
            break
        op = args[i]
        if op not in ("-a", "-o"):
            raise Usage("operator expected", op)
        i += 1
        while waiting and waiting[-1] in ("-a", op):
            _join(values, waiting.pop())
        waiting.append(op)
    while waiting:
        if waiting[-1] == "(":
            raise Usage("missing ')'")
        _join(values, waiting.pop())
    return values[0]


def _join(values, op):
    right = values.pop()
    left = values.pop()
    values.append(left and right if op == "-a" else left or right)


def _operand(args, i, values, waiting):
    """Read one operand at i (the ! and ( before it wait); returns the index behind it."""
    n = len(args)
    while True:
        left = n - i
        if left < 1:
            raise Usage("operand expected")
        word = args[i]
        if left > 2 and _is_binary(args[i + 1]) and (word != "(" or args[i + 2] != ")"):
            values.append(_binary(word, args[i + 1], args[i + 2]))
            return i + 3
        if word in ("!", "(") and left > 1:
            waiting.append(word)
            i += 1
            continue
        if left > 1 and len(word) == 2 and word[0] == "-" and word[1] in _UNARY:
            values.append(_unary(word[1], args[i + 1]))
            return i + 2
        values.append(word != "")
        return i + 1


def _is_binary(op):
    return op in _STRINGS or op in _NUMBERS or op in _FILES


def _binary(left, op, right):
    if op in ("=", "=="):
        return left == right
    if op == "!=":
        return left != right
    if op == "<":
        return left < right
    if op == ">":
        return left > right
    if op == "-ef":
        cwd = cpu.current.cwd
        return normal(left, cwd) == normal(right, cwd) and _stat(left) != _NONE
    if op in _FILES:
        a, b = _stat(left), _stat(right)
        if op == "-ot":
            a, b = b, a
        return a != _NONE and (b == _NONE or a[8] > b[8])
    a, b = _number(left), _number(right)
    if op == "-eq":
        return a == b
    if op == "-ne":
        return a != b
    if op == "-lt":
        return a < b
    if op == "-le":
        return a <= b
    return a > b if op == "-gt" else a >= b


def _number(text):
    try:
        return int(text)
    except ValueError:
        raise Usage("integer expression expected", text)


def _stat(path):
    try:
        table = path and attributes()
        if table:
            return table.given(path, cpu.current.cwd)
        return os.stat(path) if path else _NONE
    except OSError:
        return _NONE


def _unary(letter, word):
    if letter == "n":
        return word != ""
    if letter == "z":
        return word == ""
    if letter == "t":
        if not word.strip(" ").isdigit():
            raise Usage("integer expression expected", word)
        process = cpu.current
        streams = (process.stdin, process.stdout, process.stderr)
        return word in ("0", "1", "2") and streams[int(word)].isatty()
    if letter == "p":
        return _runs(word)
    if letter == "g":
        return _gpio(word)
    if letter == "v":
        return cpu.current.getenv(word) is not None
    st = _stat(word)
    mode = st[0]
    if letter in _BITS and mode & _GIVEN:  # the bits of the owner, as for a user who is not root
        return mode & _BITS[letter] != 0
    if letter in "aer":
        return mode != 0
    if letter == "d":
        return mode & DIRECTORY != 0
    if letter == "f":
        return mode & 0xF000 == 0x8000
    if letter == "c":
        return mode & 0xF000 == 0x2000  # a device: /dev
    if letter == "s":
        return mode & DIRECTORY != 0 or st[6] > 0
    if letter == "w":
        from base import config  # late: only for -w

        return mode != 0 and not config.protected(word, cpu.current.cwd)
    if letter == "x":
        if not mode and "/" in word:  # the shell would run /bin/ls.py
            return find(word, cpu.current) is not None
        return mode != 0 and (mode & DIRECTORY != 0 or _executable(word))
    if letter in "ON":
        return mode != 0 and (letter == "O" or st[8] > st[7])
    return letter == "G" and mode != 0  # links, devices and sockets are not there


def _executable(path):
    if path.rsplit(".", 1)[-1] in ("py", "sh", "mpy"):
        return True
    with open(path, "rb") as file:
        return file.read(2) == b"#!"


def _runs(name):
    """True where a process of exactly that name runs, other than the one that asks."""
    asker = cpu.current
    for process in processes.table.values():
        if process is not asker and process.status is None and process.name == name and process.subshell_of is None:
            return True
    return False


def _gpio(word):
    """True where the GPIO of that number is high; its direction stays as it is."""
    try:
        from machine import Pin
    except ImportError:
        raise Usage("this system has no GPIO", word)
    try:
        return Pin(int(word) if word.isdigit() else word).value() == 1
    except ValueError:
        raise Usage("no such GPIO", word)
