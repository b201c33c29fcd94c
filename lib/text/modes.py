# Modes of files as text: what ls shows and what chmod takes.

from base.errors import Usage

_WHO = "ugo"
_BITS = {"r": 4, "w": 2, "x": 1}
_SET_ID = {"u": 0o4000, "g": 0o2000, "a": 0o6000}
_STICKY = 0o1000
_KINDS = {0x4: "d", 0x2: "c", 0x6: "b", 0x1: "p", 0xA: "l"}


def shown(mode):
    """The ten characters of ls -l for st_mode."""
    out = [_KINDS.get(mode >> 12, "-")]
    for i in range(9):
        out.append("rwx"[i % 3] if mode >> 8 - i & 1 else "-")
    for bit, at, letter in ((0o4000, 3, "s"), (0o2000, 6, "s"), (_STICKY, 9, "t")):
        if mode & bit:
            out[at] = letter if out[at] == "x" else letter.upper()
    return "".join(out)


def changed(mode, text, directory=False, mask=0):
    """The mode after text: octal digits, or clauses such as u+rwx,g-w,o= (POSIX chmod); mask holds where nobody is named."""
    if text.isdigit():
        try:
            value = int(text, 8)
        except ValueError:
            value = 0o10000
        if value > 0o7777:
            raise Usage("invalid mode", text)
        return value
    for clause in text.split(","):
        mode = _clause(mode, clause, directory, mask, text)
    return mode & 0o7777


def _clause(mode, clause, directory, mask, text):
    at = 0
    who = ids = 0
    while clause[at : at + 1] and clause[at] in "ugoa":
        letter = clause[at]
        who |= 0o777 if letter == "a" else 7 << 6 - 3 * _WHO.find(letter)
        ids |= _SET_ID.get(letter, 0)
        at += 1
    allowed = who or 0o777 & ~mask
    who = who or 0o777
    ids = ids or 0o6000
    if not clause[at:]:
        raise Usage("invalid mode", text)
    while at < len(clause):
        op = clause[at]
        at += 1
        if op not in "+-=":
            raise Usage("invalid mode", text)
        bits = extra = 0
        copied = clause[at : at + 1]
        if copied and copied in _WHO:
            bits = (mode >> 6 - 3 * _WHO.find(copied) & 7) * 0o111
            at += 1
        while clause[at : at + 1] and clause[at] in "rwxXst":
            letter = clause[at]
            at += 1
            if letter == "X":
                bits |= 0o111 if directory or mode & 0o111 else 0
            elif letter == "s":
                extra |= ids
            elif letter == "t":
                extra |= _STICKY
            else:
                bits |= _BITS[letter] * 0o111
        bits = bits & allowed | extra
        mode = mode & ~bits if op == "-" else mode | bits if op == "+" else mode & ~who | bits
    return mode
