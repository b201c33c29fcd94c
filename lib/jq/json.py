# Read and write JSON. Unlike the module json, it keeps the order of keys and can indent.
# It does not recurse, so that deep data needs no C stack (DESIGN law 8).

from collections import OrderedDict
from json import dumps, loads

from base.errors import Failure

DEPTH_MAX = 256

_BLANK = b" \t\r\n"
_WORDS = {b"true": True, b"false": False, b"null": None, b"nan": float("nan"), b"NaN": float("nan")}
_SAFE = b"+-.0123456789eE"


def read(data, at=0):
    """Parse the first JSON value in the bytes data from index at: (value, index after it), or None if there is none."""
    stack = []  # the enclosing lists and dicts
    keys = []  # for each dict on the stack the key of the next value; None for a list
    size = len(data)
    while True:
        while at < size and data[at] in _BLANK:
            at += 1
        if at >= size:
            if stack:
                raise Failure("", "unexpected end of JSON")
            return None
        c = data[at]
        if c in b"[{":
            if len(stack) >= DEPTH_MAX:
                raise Failure("", f"JSON nested deeper than {DEPTH_MAX}")
            value = [] if c == 91 else OrderedDict()
            at = skip(data, at + 1)
            stack.append(value)
            keys.append(None)
            if data[at : at + 1] != (b"]" if c == 91 else b"}"):
                if c == 123:
                    keys[-1], at = read_key(data, at)
                continue
            at += 1
            stack.pop()
            keys.pop()
        elif c == 34:
            value, at = read_string(data, at)
        else:
            value, at = read_word(data, at)
        while stack:  # the value is complete: add it to its container
            top = stack[-1]
            if isinstance(top, list):
                top.append(value)
            else:
                top[keys[-1]] = value
            at = skip(data, at)
            c = data[at : at + 1]
            if c == b",":
                at += 1
                if keys[-1] is not None:
                    keys[-1], at = read_key(data, skip(data, at))
                break
            if c != (b"]" if isinstance(top, list) else b"}"):
                wrong(data, at)
            at += 1
            value = stack.pop()
            keys.pop()
        else:
            return value, at


def skip(data, at):
    while at < len(data) and data[at] in _BLANK:
        at += 1
    return at


def wrong(data, at):
    if at >= len(data):
        raise Failure("", "unexpected end of JSON")
    line = data[:at].count(b"\n") + 1
    raise Failure("", f"bad JSON in line {line}")


def read_key(data, at):
    if data[at : at + 1] != b'"':
        wrong(data, at)
    key, at = read_string(data, at)
    at = skip(data, at)
    if data[at : at + 1] != b":":
        wrong(data, at)
    return key, at + 1


def paired(text):
    """Combine surrogate pairs (\\ud83d\\ude00) in text. A lone surrogate becomes U+FFFD, as in jq."""
    out = []
    high = 0
    for c in text:
        code = ord(c)
        if high:
            if code >> 10 == 0x37:
                out[-1] = chr(0x10000 + (high & 1023) * 1024 + (code & 1023))
                high = 0
                continue
            high = 0
        if code >> 10 == 0x36:
            high = code
        out.append("\ufffd" if code >> 11 == 0x1B else c)
    return "".join(out)


def read_string(data, at):
    """Parse the string whose quote is at index at."""
    end = at + 1
    while True:
        end = data.find(b'"', end)
        if end < 0:
            wrong(data, len(data))
        back = end - 1
        while data[back] == 92:
            back -= 1
        end += 1
        if (end - back) % 2 == 0:  # an even number of backslashes precedes the quote
            break
    try:
        if b"\\" in data[at:end]:
            text = loads(data[at:end].decode())
            return paired(text) if b"\\ud" in data[at:end].lower() else text, end
        return data[at + 1 : end - 1].decode(), end
    except (ValueError, UnicodeError):
        wrong(data, at)


def read_word(data, at):
    end = at
    while end < len(data) and data[end] not in b' \t\r\n,]}[{:"':
        end += 1
    word = data[at:end]
    if word in _WORDS:
        return _WORDS[word], end
    for c in word:
        if c not in _SAFE:
            wrong(data, at)
    text = word.decode()
    try:
        if "e" in text.lower():
            value = float(text)
            return (int(value) if abs(value) < 1e15 and value == int(value) else value), end
        return (float(text) if "." in text else int(text)), end
    except ValueError:
        wrong(data, at)


def scalar(value):
    """Return the text of a value that is not a list or dict."""
    if isinstance(value, str):
        return dumps(value).replace("\x7f", "\\u007f")
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, float):
        if value != value:
            return "null"
        if value in (float("inf"), -float("inf")):
            return "1.7976931348623157e+308" if value > 0 else "-1.7976931348623157e+308"
    return str(value)


def write(value, indent="  ", sort=False):
    """Yield the text of value in pieces. indent None: one line without blanks."""
    stack = [iter((value,))]
    ends = [""]
    first = True
    colon = ":" if indent is None else ": "
    while True:
        depth = len(stack) - 1
        found = next(stack[-1], stack)  # stack itself is the sentinel
        if found is stack:
            stack.pop()
            end = ends.pop()
            if not stack:
                return
            if not first and indent is not None:
                yield "\n" + indent * (depth - 1)
            yield end
            first = False
            continue
        if depth:
            if not first:
                yield ","
            if indent is not None:
                yield "\n" + indent * depth
        if ends[-1] == "}":
            yield dumps(found[0]) + colon
            found = found[1]
        first = False
        if isinstance(found, dict):
            yield "{"
            pairs = found.items()
            stack.append(iter(sorted(pairs, key=lambda pair: pair[0]) if sort else pairs))
            ends.append("}")
            first = True
        elif isinstance(found, (list, tuple)):
            yield "["
            stack.append(iter(found))
            ends.append("]")
            first = True
        else:
            yield scalar(found)


def text(value):
    """Return the text of value on one line, without blanks."""
    return "".join(write(value, None))


def tostring(value):
    return value if isinstance(value, str) else text(value)
