# tr - translate, squeeze or delete characters
# usage: tr [-cCst] SET1 SET2
# usage: tr [-cC] -d SET1
# usage: tr [-cC] -s SET1
# usage: tr [-cC] -ds SET1 SET2
#
# Copy standard input to standard output; each character of SET1 becomes the one at its place in SET2, whose last
# character is repeated where it is shorter.
#   -d  delete those in SET1     -s  of several equal ones in a row, of the last set, leave one
#   -c, -C  all but SET1         -t  do not use more of SET1 than SET2 is long
# Sets: a-z   [:alpha:] and the other classes   [=c=]   [c*N] N times c   \n \t \\ \012
# Deviations: sets of ASCII work on bytes, others need UTF-8 input.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/tr.html

from micropython import const

from base.errors import Failure, Usage
from process.stream import CHUNK
from program import options
from text.charset import parse

proc = None

_PIECE = const(128)  # bytes of which a list is made: in a heap that is nearly full there is no room for a long one

LONG = (("complement", "c"), ("delete", "d"), ("squeeze-repeats", "s"), ("truncate-set1", "t"))


async def __main__(args):
    opts, sets = options(args, "cCdst", LONG)
    other = "c" in opts or "C" in opts
    delete, squeeze = "d" in opts, "s" in opts
    most = 1 if delete and not squeeze else 2
    least = 1 if delete != squeeze else 2
    if not least <= len(sets) <= most:
        raise Usage("extra operand" if len(sets) > most else "missing operand", sets[most] if len(sets) > most else "")
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


async def byte_loop(drop, table, once):
    if table:
        full = bytearray(range(256))
        for code in table:
            full[code] = table[code]
    once = bytes(once) if once else b""
    few = table and len(table) < 5 and not any(code in table for code in table.values())
    last = -1
    piece = _PIECE if len(drop) >= 5 or (table and not few) else 0  # these ways make a list of the bytes
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
    """The same for characters beyond ASCII; other: drop is what stays as it is, or is not squeezed."""
    last = None
    rest = b""
    delete = only and (once is None or once is not drop)
    while data := await proc.stdin.read():
        data = rest + data
        end = len(data)
        while end and data[end - 1] & 0xC0 == 0x80 and len(data) - end < 3:
            end -= 1
        end -= end > 0 and data[end - 1] >= 0xC0  # the last character may not be complete
        data, rest = whole(data, end)
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
    """(the text of data, the bytes of a character that goes on in the next chunk)."""
    try:
        return data.decode(), b""
    except UnicodeError:
        pass
    try:
        return data[:end].decode(), data[end:]
    except UnicodeError:
        raise Failure("", "standard input is not UTF-8")
