# find's -printf formats and -regex patterns. Expressions without them save 7 kB by not loading this.

import os

from base.errors import Usage
from base.paths import basename, dirname
from process import cpu
from text.modes import shown
from text.quoting import OUTPUT, expand


def parse(text):
    """Parse a format: bytes, (conversion, letter, letter after %T), and None where \\c ends it."""
    data = text.encode()
    parts = []
    i = 0
    while i < len(data):
        at = data.find(b"%", i)
        at = len(data) if at < 0 else at
        out = bytearray()
        ended = expand(data[i:at], out, OUTPUT)
        parts.append(bytes(out))
        if ended:
            parts.append(None)
            break
        i = at + 1
        if at == len(data):
            break
        while i < len(data) and data[i] in b"-+ #0123456789.":
            i += 1
        letter = data[i : i + 1].decode() or "%"
        i += 1
        more = ""
        if letter == "T":
            more = data[i : i + 1].decode()
            i += 1
        elif letter not in "%pfhPsdymMtniklbugUGD":
            raise Usage("unknown directive", "%" + letter)
        parts.append((data[at + 1 : i - 1 - len(more)].decode(), letter, more))
    return parts


def fill(parts, entry, top):
    """Return the formatted text for a file; top is the starting point."""
    out = []
    for part in parts:
        if part is None:
            break
        if isinstance(part, bytes):
            out.append(part)
            continue
        how, letter, more = part
        value = _value(entry, letter, more, top)
        out.append((f"%{how}{'d' if isinstance(value, int) else 's'}" % value).encode())
    return b"".join(out)


def _value(entry, letter, more, top):
    path = entry.path
    if letter == "p":
        return path
    if letter == "f":
        return basename(path)
    if letter == "h":
        return dirname(path)
    if letter == "P":
        return path[len(top) :].lstrip("/")
    if letter == "d":
        return entry.depth
    if letter == "y":
        return "d" if entry.directory else "f"
    if letter in "mM":
        mode = entry.stat()[0]
        return shown(mode) if letter == "M" else f"{mode & 0o7777:o}"
    if letter in "skb":
        size = 0 if entry.directory else entry.stat()[6]
        if letter == "s":
            return size
        block = os.statvfs(path)[0]
        return (size + block - 1) // block * block // (1024 if letter == "k" else 512)
    if letter in "tT":
        return _moment(entry, more or "c")
    return {"%": "%", "n": 1, "i": entry.stat()[1], "u": "root", "g": "root", "U": 0, "G": 0, "D": 0, "l": ""}[letter]


def _moment(entry, letter):
    from base.dates import from_unix, strftime  # late: only for times

    when = entry.stat()[8]
    if letter == "@":
        return f"{when - from_unix(0)}.0000000000"
    form = {"+": "%Y-%m-%d+%H:%M:%S.0000000000", "c": "%a %b %e %H:%M:%S.0000000000 %Y"}.get(letter, "%" + letter)
    return strftime(form, when, cpu.current.getenv("TZ") or "")


def whole(pattern, extended, fold):
    """Compile a -regex pattern, in Emacs syntax or extended, that must match a whole path."""
    from regex.finder import Finder  # late: only for -regex

    if extended:
        return Finder(f"^({pattern})$", True, fold)
    out = ""
    quoted = bracket = False
    for i, c in enumerate(pattern):
        if quoted:
            c = c if c in "+?" else "\\" + c
            quoted = False
        elif c == "\\" and not bracket:
            quoted = True
            continue
        elif bracket:
            bracket = c != "]" or pattern[i - 1] in "[^"
        elif c == "[":
            bracket = True
        elif c in "+?":
            c = "\\" + c
        out += c
    return Finder(f"^\\({out}\\)$", False, fold)
