# The arguments of a Load Module's function: values and never code.
#
#   255 0x10 -1.5 True None "two words" 'it' bare [1, 2] {"a": 1} speed=3 text="two words"
#
# micrOS evaluates them as Python. Here a number, a string, a constant and lists, tuples and dicts of these are what they
# are in Python, a word that is none of them is a string, and blanks separate as commas do.

from micropython import const

_DEPTH_MAX = const(6)  # nested lists: each takes a call
_VALUES_MAX = const(64)  # arguments, or elements of one list
_BLANK = " \t\r\n,"
_CLOSING = {"[": "]", "(": ")", "{": "}"}
_CONSTANTS = {"True": True, "False": False, "None": None}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", '"': '"', "0": "\0"}

_DIGITS = {"x": 2, "u": 4, "U": 8}  # of the number of a character behind a backslash


def arguments(text):
    """The arguments in a text as (list, dict of those with a name); ValueError."""
    found, named = [], {}
    at = skip(text, 0)
    while at < len(text):
        name = name_at(text, at)
        if name:
            if name in named:
                raise ValueError(name + ": given twice")
            named[name], at = value_at(text, at + len(name) + 1, " \t\r\n,", 0)
        elif named:
            raise ValueError("a value follows one with a name")
        else:
            value, at = value_at(text, at, " \t\r\n,", 0)
            found.append(value)
        if len(found) + len(named) > _VALUES_MAX:
            raise ValueError(f"more than {_VALUES_MAX} arguments")
        at = skip(text, at)
    return found, named


def quoted(word):
    """A word of a shell's command line as the text of one argument: in quotes where it would be several, or none."""
    name = name_at(word, 0)
    value = word[len(name) + 1 :] if name else word
    if value and (value[0] in "[({" or not any(c in value for c in " \t\r\n,'\"\\")):
        return word
    value = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'{name}="{value}"' if name else f'"{value}"'


def skip(text, at, blank=_BLANK):
    while at < len(text) and text[at] in blank:
        at += 1
    return at


def name_at(text, at):
    """The NAME where NAME=VALUE begins, or ""."""
    end = at
    while end < len(text) and (text[end].isalpha() or text[end] == "_" or (end > at and text[end].isdigit())):
        end += 1
    return text[at:end] if text[end : end + 1] == "=" and text[end + 1 : end + 2] != "=" else ""


def value_at(text, at, ends, depth):
    """The value that begins at an index, and the index behind it; ends: what ends a word."""
    first = text[at : at + 1]
    if first and first in "'\"":
        value, at = string_at(text, at)
    elif first in _CLOSING:
        if depth == _DEPTH_MAX:
            raise ValueError("nested too deeply")
        value, at = list_at(text, at, depth + 1)
    else:
        end = at
        while end < len(text) and text[end] not in ends:
            end += 1
        return word_value(text[at:end]), end
    if at < len(text) and text[at] not in ends:
        raise ValueError("invalid syntax: " + text[at : at + 10])
    return value, at


def word_value(word):
    """The value of a word without quotes: a constant, a number, or the word itself."""
    if word in _CONSTANTS:
        return _CONSTANTS[word]
    if word.lstrip("+-.")[:1].isdigit():
        for kind in (lambda: int(word, 0), lambda: int(word), lambda: float(word)):
            try:
                return kind()
            except ValueError:
                pass
    return word


def string_at(text, at):
    quote = text[at]
    parts = []
    begin = at = at + 1
    while at < len(text):
        c = text[at]
        if c == quote:
            parts.append(text[begin:at])
            return "".join(parts), at + 1
        if c == "\\" and at + 1 < len(text):
            parts.append(text[begin:at])
            c = text[at + 1]
            at += 2
            if c in _DIGITS:
                parts.append(chr(int(text[at : at + _DIGITS[c]], 16)))
                at += _DIGITS[c]
            else:
                parts.append(_ESCAPES.get(c, "\\" + c))
            begin = at
        else:
            at += 1
    raise ValueError("unterminated string")


def list_at(text, at, depth):
    """A list, a tuple or a dict."""
    first, closing = text[at], _CLOSING[text[at]]
    ends = _BLANK + "])}" + (":" if first == "{" else "")
    found = []
    pairs = {}
    comma = False
    at = skip(text, at + 1)
    while text[at : at + 1] != closing:
        if at >= len(text):
            raise ValueError(f"missing {closing}")
        if len(found) == _VALUES_MAX:
            raise ValueError(f"more than {_VALUES_MAX} elements")
        value, at = value_at(text, at, ends, depth)
        if first == "{":
            at = skip(text, at, " \t")
            if text[at : at + 1] != ":" or isinstance(value, (list, dict)):
                raise ValueError("expected KEY: VALUE")
            key = value
            value, at = value_at(text, skip(text, at + 1, " \t"), ends, depth)
            pairs[key] = value
        found.append(value)
        begin = at
        at = skip(text, at)
        comma = at > begin
        if not comma and at < len(text) and text[at] != closing:
            raise ValueError("invalid syntax: " + text[at : at + 10])
    if first == "{":
        return pairs, at + 1
    if first == "[":
        return found, at + 1
    return (found[0] if len(found) == 1 and not comma else tuple(found)), at + 1
