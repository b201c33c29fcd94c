# umask: kept and shown, since scripts set it. The file systems of boards have no modes: it changes nothing there.

from base.errors import Usage
from text import modes

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
    """The mask after text: an octal number, or what chmod takes for the bits that it leaves."""
    value = modes.changed(0o777 if text.isdigit() else ~mask & 0o777, text)
    if value > 0o777:
        raise Usage("octal number out of range", text)
    return value if text.isdigit() else ~value & 0o777
