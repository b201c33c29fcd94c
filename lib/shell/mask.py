# umask: kept and shown, since scripts set it. The file systems of boards have no modes: it changes nothing there.

from base.errors import Usage

_WHO = "ugo"
_BITS = "rwx"


def b_umask(shell, args):
    symbols = False
    while args and args[0] in ("-S", "--"):
        symbols = symbols or args[0] == "-S"
        args = args[1:]
    if len(args) > 1:
        raise Usage("usage: umask [-S] [MASK]")
    if args:
        shell.mask = changed(shell.mask, args[0])
    elif symbols:
        allowed = ~shell.mask
        parts = []
        for i in range(3):
            bits = allowed >> (6 - 3 * i) & 7
            parts.append(_WHO[i] + "=" + "".join([_BITS[k] for k in range(3) if bits & 4 >> k]))
        shell.write(",".join(parts) + "\n")
    else:
        shell.write(f"{shell.mask:04o}\n")


def changed(mask, text):
    """The mask after text: an octal number, or what chmod takes (POSIX umask, chmod)."""
    if text.isdigit():
        try:
            mask = int(text, 8)
        except ValueError:
            mask = 512
        if mask > 511:
            raise Usage("octal number out of range", text)
        return mask
    allowed = ~mask & 511
    for clause in text.split(","):
        i = 0
        who = 0
        while clause[i : i + 1] and clause[i] in "ugoa":
            who |= 511 if clause[i] == "a" else 7 << 6 - 3 * _WHO.find(clause[i])
            i += 1
        who = who or 511
        if not clause[i:]:
            raise Usage("invalid symbolic mode", text)
        while i < len(clause):
            op = clause[i]
            i += 1
            bits = 0
            copied = clause[i : i + 1]
            if copied and copied in _WHO:
                bits = (allowed >> 6 - 3 * _WHO.find(copied) & 7) * 73
                i += 1
            else:
                while clause[i : i + 1] and clause[i] in "rwxXs":
                    bits |= {"r": 4, "w": 2}.get(clause[i], 1 if clause[i] in "xX" else 0) * 73
                    i += 1
            bits &= who
            if op == "+":
                allowed |= bits
            elif op == "-":
                allowed &= ~bits
            elif op == "=":
                allowed = (allowed & ~who) | bits
            else:
                raise Usage("invalid symbolic mode", text)
    return ~allowed & 511
