# Sets of characters as tr takes them: a-z, [:alpha:], [=c=], [c*N], \n and \012, as lists of codes.

from base.errors import Failure, Usage

CLASSES = (
    ("alnum", "09AZaz"),
    ("alpha", "AZaz"),
    ("blank", "\t\t  "),
    ("cntrl", "\0\x1f\x7f\x7f"),
    ("digit", "09"),
    ("graph", "!~"),
    ("lower", "az"),
    ("print", " ~"),
    ("punct", "!/:@[`{~"),
    ("space", "\t\r  "),
    ("upper", "AZ"),
    ("xdigit", "09AFaf"),
)
_ESCAPES = "abfnrtv\\"
_VALUES = "\a\b\f\n\r\t\v\\"


def parse(text, fill=0):
    """The codes of a set, in order; [c*] becomes as many as are missing to `fill`."""
    chars = list(text)
    codes = []
    hole = None  # (where, code) of a [c*]
    i = 0
    while i < len(chars):
        if chars[i] == "[" and i + 1 < len(chars):
            kind = chars[i + 1]
            if kind in ":=":
                end = _end(chars, i + 2, kind)
                if end:
                    codes.extend(_named("".join(chars[i + 2 : end]), kind))
                    i = end + 2
                    continue
            code, j = _char(chars, i + 1)
            if j < len(chars) and chars[j] == "*" and "]" in chars[j:]:
                end = chars.index("]", j)
                digits = "".join(chars[j + 1 : end])
                if not digits or digits.isdigit():
                    count = int(digits or "0", 8 if digits[:1] == "0" else 10)
                    if count:
                        codes.extend([code] * count)
                    else:
                        hole = len(codes), code
                    i = end + 1
                    continue
        code, i = _char(chars, i)
        if i + 1 < len(chars) and chars[i] == "-":
            last, j = _char(chars, i + 1)
            if last < code:
                raise Failure("".join(chars[i - 1 : j]), "wrong range")
            codes.extend(range(code, last + 1))
            i = j
        else:
            codes.append(code)
    if hole:
        at, code = hole
        codes[at:at] = [code] * (fill - len(codes))
    return codes


def _end(chars, i, kind):
    """Where the name ends that a [: or [= begins; 0 where it does not."""
    while i + 1 < len(chars):
        if chars[i] == kind and chars[i + 1] == "]":
            return i
        i += 1
    return 0


def _named(name, kind):
    if kind == "=":
        if len(name) != 1:
            raise Usage("wrong class", f"[={name}=]")
        return (ord(name),)
    for known, pairs in CLASSES:
        if known == name:
            codes = []
            for i in range(0, len(pairs), 2):
                codes.extend(range(ord(pairs[i]), ord(pairs[i + 1]) + 1))
            return codes
    raise Usage("unknown class", f"[:{name}:]")


def _char(chars, i):
    """(code, index behind) of the character or escape at i."""
    c = chars[i]
    if c != "\\" or i + 1 == len(chars):
        return ord(c), i + 1
    i += 1
    value = 0
    end = i
    while end < len(chars) and end < i + 3 and chars[end] in "01234567" and value * 8 + int(chars[end]) < 256:
        value = value * 8 + int(chars[end])
        end += 1
    if end > i:
        return value, end
    at = _ESCAPES.find(chars[i])
    return ord(_VALUES[at] if at >= 0 else chars[i]), i + 1
