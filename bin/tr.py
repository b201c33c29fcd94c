# tr - translate, squeeze or delete characters
# usage: tr [-cCst] SET1 SET2
# usage: tr [-cC] -d SET1
# usage: tr [-cC] -s SET1
# usage: tr [-cC] -ds SET1 SET2
#
# Copy standard input to standard output; each character of SET1 is replaced by that at its position in SET2, whose last
# character is repeated if it is shorter.
#   -d  delete those in SET1     -s  squeeze repeated characters of the last set
#   -c, -C  complement SET1      -t  truncate SET1 to the length of SET2
# Sets: a-z   [:alpha:] and the other classes   [=c=]   [c*N] N times c   \n \t \\ \012
# Deviations: sets of ASCII work on bytes, others need UTF-8 input.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/tr.html

from micropython import const

from base.errors import Failure, Usage
from process.stream import CHUNK
from program import options

proc = None

_PIECE = const(128)  # bytes that become a list: a nearly full heap has no contiguous memory for a long one

LONG = (("complement", "c"), ("delete", "d"), ("squeeze-repeats", "s"), ("truncate-set1", "t"))


async def __main__(args):
    opts, sets = options(args, "cCdst", LONG)
    other = "c" in opts or "C" in opts
    delete, squeeze = "d" in opts, "s" in opts
    most = 1 if delete and not squeeze else 2
    least = 1 if delete != squeeze else 2
    if not least <= len(sets) <= most:
        raise Usage("extra operand" if len(sets) > most else "missing operand", sets[most] if len(sets) > most else "")
    if sets in (["[:upper:]", "[:lower:]"], ["[:lower:]", "[:upper:]"]) and not opts.order:
        return await change_case(sets[1] == "[:upper:]")
    wide = max([ord(c) for c in "".join(sets)] or [0]) > 127
    first = parse(sets[0])
    if other and not wide:
        first = [code for code in range(256) if code not in first]
        other = False
    second = parse(sets[1], len(first)) if len(sets) == 2 else None
    drop, table, once = (), None, None
    if delete:
        drop = first
        once = second
    elif second is None:
        once = first
    else:
        if not second:
            raise Usage("the second set is empty")
        if "t" in opts and not other:
            first = first[: len(second)]
        table = {code: second[min(i, len(second) - 1)] for i, code in enumerate(first)} if not other else {}
        once = second if squeeze else None
    if wide:
        last = second[-1] if second else 0
        return await wide_loop(first if other else drop, table, once, other, last, delete or second is None)
    await byte_loop(bytes(drop), table, once)


async def change_case(capital):
    """Run tr '[:lower:]' '[:upper:]' or the reverse, for all letters that text.case knows."""
    from text import case  # late: only for [:upper:] and [:lower:]

    change = case.upper if capital else case.lower
    rest = b""
    while data := await proc.stdin.read():
        data = rest + data
        end = last_character(data)
        rest = data[end:]
        proc.stdout.write(change(data[:end]))
    proc.stdout.write(change(rest))


def last_character(data):
    """Return the index of the last character, possibly incomplete, if it is beyond ASCII; else the length."""
    end = len(data)
    while end and data[end - 1] & 0xC0 == 0x80 and len(data) - end < 3:
        end -= 1
    return end - (end > 0 and data[end - 1] >= 0xC0)


async def byte_loop(drop, table, once):
    if table:
        full = bytearray(range(256))
        for code in table:
            full[code] = table[code]
    once = bytes(once) if once else b""
    few = table and len(table) < 5 and not any(code in table for code in table.values())
    last = -1
    piece = _PIECE if len(drop) >= 5 or (table and not few) else 0  # these cases turn the bytes into a list
    proc.stdin.most = CHUNK
    while read := await proc.stdin.read():
        for at in range(0, len(read), piece or len(read)):
            data = read[at : at + piece] if piece else read
            if drop:
                for code in drop if len(drop) < 5 else ():
                    data = data.replace(bytes((code,)), b"")
                if len(drop) >= 5:
                    data = bytes([code for code in data if code not in drop])
            elif few:
                for code in table:
                    data = data.replace(bytes((code,)), bytes((table[code],)))
            elif table:
                data = bytes([full[code] for code in data])
            if once:
                out = bytearray()
                for code in data:
                    if code != last or code not in once:
                        out.append(code)
                    last = code
                data = bytes(out)
            if data:
                proc.stdout.write(data)


async def wide_loop(drop, table, once, other, instead, only):
    """The same for characters beyond ASCII; other: drop is the complement set."""
    last = None
    rest = b""
    delete = only and (once is None or once is not drop)
    while data := await proc.stdin.read():
        data = rest + data
        data, rest = whole(data, last_character(data))  # the last one may be incomplete
        out = []
        for char in data:
            code = ord(char)
            if only:
                if delete and (code in drop) != other:
                    continue
                single = once and (code in once) != (other and not delete)
            else:
                code = (code if code in drop else instead) if other else table.get(code, code)
                single = once and code in once
            if code != last or not single:
                out.append(chr(code))
            last = code
        proc.stdout.write("".join(out))
    if rest:
        raise Failure("", "standard input is not UTF-8")


def whole(data, end):
    """Return (text, the bytes of an incomplete last character)."""
    try:
        return data.decode(), b""
    except UnicodeError:
        pass
    try:
        return data[:end].decode(), data[end:]
    except UnicodeError:
        raise Failure("", "standard input is not UTF-8")


# --- tr's sets: a-z, [:alpha:], [=c=], [c*N], \n and \012, as lists of code points.

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
    """Return the code points of a set, in order; [c*] is repeated up to `fill`."""
    chars = list(text)
    codes = []
    hole = None  # (index, code) of a [c*]
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
                raise Failure("".join(chars[i - 1 : j]), "invalid range")
            codes.extend(range(code, last + 1))
            i = j
        else:
            codes.append(code)
    if hole:
        at, code = hole
        codes[at:at] = [code] * (fill - len(codes))
    return codes


def _end(chars, i, kind):
    """Return the index of the end of a name that begins with [: or [=, or 0 if it does not end."""
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
    """Parse the character or escape at i: (code, index after it)."""
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
