# jq's regular expressions: POSIX (lib/regex) with \d, (?:...) and (?<name>...), run by the engine with capture groups.

from collections import OrderedDict

from base.errors import Failure
from jq.values import Error, need
from regex import parser
from regex.engine import Engine

_cache = {}  # (expression, ignore case, dot matches newlines): (Engine, [name of each group or None], [is it capturing])

_ESCAPES = {"d": "[0-9]", "D": "[^0-9]", "n": "\n", "t": "\t", "r": "\r", "h": "[0-9A-Fa-f]"}
_IN_BRACKETS = {"d": "0-9", "w": "a-zA-Z0-9_", "s": " \t-\r"}


def compiled(expression, fold, extended):
    """Compile an expression: (Engine, names of the groups, which of them are capturing)."""
    key = expression, fold, extended
    if key in _cache:
        return _cache[key]
    text, names, counts = to_posix(expression, extended)
    try:
        engine = Engine(parser.parse(text, True, fold))
    except Failure as e:
        raise invalid(expression, e.reason)
    if len(_cache) > 8:
        _cache.clear()
    _cache[key] = engine, names, counts
    return _cache[key]


def invalid(expression, why):
    return Error(f"{expression} (at offset 0) is not a valid regex: {why}")


def to_posix(expression, extended):
    """The expression as POSIX has it, names of its groups, which of them are capturing."""
    out = []
    names = []
    counts = []
    i = 0
    bracket = False
    while i < len(expression):
        c = expression[i]
        i += 1
        if c == "\\" and i < len(expression):
            c = expression[i]
            i += 1
            shown = (_IN_BRACKETS.get(c) if bracket else None) or _ESCAPES.get(c)
            out.append(shown or (c if bracket else "\\" + c))
        elif bracket:
            if c == "[" and expression[i : i + 1] == ":":
                end = expression.find(":]", i)
                if end > 0:
                    c = expression[i - 1 : end + 2]
                    i = end + 2
            elif c == "]":
                bracket = False
            out.append(c)
        elif c == "[":
            bracket = True
            out.append(c)
            for first in ("^", "]"):
                if expression[i : i + 1] == first:
                    out.append(first)
                    i += 1
        elif c == "(":
            name = None
            count = True
            if expression[i : i + 2] == "?:":
                i += 2
                count = False
            elif expression[i : i + 2] == "?<" and expression[i + 2 : i + 3] not in ("=", "!"):
                end = expression.find(">", i)
                name = expression[i + 2 : end]
                i = end + 1
            elif expression[i : i + 1] == "?":
                raise invalid(expression, "look-around is not known here")
            names.append(name)
            counts.append(count)
            out.append("(")
        elif c in "*+?}" and expression[i : i + 1] == "?":
            raise invalid(expression, "the shortest match is not known here")
        elif extended and c in " \t\n":
            continue
        elif c == ".":
            out.append("[^\n]")
        else:
            out.append(c)
    return "".join(out), names, counts


def found(value, expression, flags):
    """Yield (offsets of the match and groups, names, capturing); flags: g all, i ignore case, x extended, n no empty matches."""
    need(value, "string")
    if isinstance(expression, list):
        expression, flags = expression[0], (expression[1:] or [None])[0]
    need(expression, "string")
    flags = flags or ""
    for c in need(flags, "string"):
        if c not in "gimnsxlp":
            raise Error(f"{flags} is not a valid modifier string")
    fold = "i" in flags
    engine, names, counts = compiled(expression, fold, "x" in flags)
    data = value.encode()
    text = data.lower() if fold else data
    at = 0
    while at <= len(data):
        places = engine.search(text, at)
        if not places:
            return
        at = places[1]
        if places[0] == places[1]:
            at += 1
            while at < len(data) and data[at] & 0xC0 == 0x80:
                at += 1
            if "n" in flags:
                continue
        yield data, places, names, counts
        if "g" not in flags:
            return


def part(data, begin, end):
    """Return a substring: its offset in characters, length and text."""
    if begin < 0:
        return [("offset", -1), ("length", 0), ("string", None)]
    text = data[begin:end].decode()
    return [("offset", len(data[:begin].decode())), ("length", len(text)), ("string", text)]


def match(value, expression, flags):
    out = []
    for data, places, names, counts in found(value, expression, flags):
        entry = OrderedDict(part(data, places[0], places[1]))
        entry["captures"] = groups = []
        for i, name in enumerate(names):
            if counts[i]:
                pair = places[2 * i + 2 : 2 * i + 4] or (-1, -1)
                group = OrderedDict(part(data, pair[0], pair[1]))
                group["name"] = name
                groups.append(group)
        out.append(entry)
    return out


def captured(value):
    """Return the named groups of a match and their texts."""
    return OrderedDict([(group["name"], group["string"]) for group in value["captures"] if group["name"] is not None])


def split(value, expression, flags):
    pieces = []
    at = 0
    for data, places, _, _ in found(value, expression, "g" + (flags or "")):
        pieces.append(data[at : places[0]].decode())
        at = places[1]
    return pieces + [value.encode()[at:].decode()]


SIMPLE = {
    ("_match", 2): match,
    ("_test", 2): lambda value, expression, flags: any(True for _ in found(value, expression, flags)),
    ("_captured", 0): captured,
    ("split", 2): split,
}
