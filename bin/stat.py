# stat - show the status of files
# usage: stat [-Lt] [-c FORMAT | -p FORMAT] FILE...
# usage: stat -f [-t] [-c FORMAT | -p FORMAT] FILE...
#
#   -c FORMAT  instead of the usual lines: %n name, %s size, %F kind, %b blocks of 512 bytes, %B 512, %f mode (hex),
#              %a %A permissions, %y %Y time of the last change (text, seconds since 1970), %h links, %i inode, %u %g
#              owner and group, %U %G their names, %m where the file system begins
#   -p FORMAT, --printf=FORMAT  the same without a newline behind it, but with \n and the other escapes
#   -f  the file system instead: %b blocks, %f and %a free ones, %s %S block size, %l longest name, %n name, %T type
#   -t  all in one line      -L  no effect: there are no links

import os

from base import attributes
from base.dates import from_unix, strftime
from base.errors import Usage
from program import complain, options, status
from text.modes import shown

proc = None

LONG = (("format", "c"), ("file-system", "f"), ("terse", "t"), ("printf", "p"))

LINES = (
    "  File: %n\n  Size: %s\tBlocks: %b\tIO Block: %o\t%F\nAccess: (%a/%A)\tUid: (%u/%U)\tGid: (%g/%G)\nModify: %y\n"
)
SYSTEM = '  File: "%n"\n    ID: 0 Namelen: %l\tType: %T\nBlock size: %S\nBlocks: Total: %b\tFree: %f\tAvailable: %a\n'


def __main__(args):
    opts, names = options(args, "c:fLp:t", LONG)
    if not names:
        raise Usage("missing operand")
    system = "f" in opts
    form = opts["c"] + "\n" if "c" in opts else SYSTEM if system else LINES
    if "t" in opts:
        form = "%n %s %b %f %u %g 0 0 1 0 0 %Y %Y %Y %o\n" if not system else "%n 0 %l %T %S %S %b %f %a 0 0\n"
    if "p" in opts:
        from text.quoting import FORMAT, expand  # late: only for --printf

        out = bytearray()
        expand(opts["p"].encode(), out, FORMAT)
        form = bytes(out).decode()
    for name in names:
        try:
            values = of_system(name) if system else of_file(name)
        except OSError as e:
            complain(name, e)
            continue
        proc.stdout.write(filled(form, values))
    return status()


def of_file(name):
    """Return the values of the directives."""
    st = attributes.stat(name, proc.cwd)
    directory = st[0] & 0x4000
    size = 0 if directory else st[6]
    when = st[8]
    text = strftime("%Y-%m-%d %H:%M:%S.000000000 %z", when, proc.getenv("TZ"))
    seconds = str(when - from_unix(0))
    block = os.statvfs(name)[0]
    return {
        "n": name,
        "N": f"'{name}'",
        "s": str(size),
        "F": kind(st),
        "b": str((size + block - 1) // block * block // 512),
        "B": "512",
        "o": str(block),
        "f": f"{st[0]:x}",
        "a": f"{st[0] & 0o7777:o}",
        "A": shown(st[0]),
        "h": "1",
        "i": str(st[1]),
        "d": "0",
        "u": "0",
        "g": "0",
        "U": "root",
        "G": "root",
        "m": "/",
        "y": text,
        "x": text,
        "z": text,
        "w": "-",
        "Y": seconds,
        "X": seconds,
        "Z": seconds,
        "W": "0",
    }


def kind(st):
    """Return the type of a file."""
    if st[0] & 0x4000:
        return "directory"
    if st[0] & 0xF000 == 0x2000:
        return "character special file"
    return "regular file" if st[6] else "regular empty file"


def of_system(name):
    st = os.statvfs(name)
    return {
        "n": name,
        "b": str(st[2]),
        "f": str(st[3]),
        "a": str(st[4]),
        "s": str(st[0]),
        "S": str(st[1]),
        "l": str(st[9]),
        "T": "littlefs",
        "c": "0",
        "d": "0",
        "i": "0",
    }


def filled(form, values):
    """Fill in FORMAT; a width may precede a directive."""
    parts = form.split("%")
    out = [parts.pop(0)]
    while parts:
        part = parts.pop(0)
        digits = part.lstrip("-0123456789")
        width = part[: len(part) - len(digits)]
        if digits[:1] in ("", "\n"):  # a literal %
            out.append("%" + (part or (parts.pop(0) if parts else "")))
            continue
        value = values.get(digits[0], "?")
        fill = int(width.strip("-") or 0) - len(value) if width.strip("-").isdigit() else 0
        value = value + " " * fill if width[:1] == "-" else " " * fill + value
        out.append(value + digits[1:])
    return "".join(out)
