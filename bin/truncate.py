# truncate - shrink or extend files
# usage: truncate [-c] -s [+-<>/%]SIZE FILE...
# usage: truncate [-c] -r FILE FILE...
#
# Truncate each FILE to SIZE bytes, or append zeros; missing files are created.
#   -s SIZE  with k, M or G: powers of 1024. + more, - less, < at most, > at least, / down and % up to a multiple
#   -r FILE  the size of FILE      -c  do not create files
# Files are replaced atomically, so shrinking one needs space for its remaining part.

import os

from base.errors import Usage
from base.files import BUFFER, Replacement, require_space, zeros
from base.paths import exists
from base.units import size
from program import complain, options, protected, status

proc = None

LONG = (("size", "s"), ("no-create", "c"), ("reference", "r"))


async def __main__(args):
    opts, names = options(args, "cr:s:", LONG)
    if not names:
        raise Usage("missing operand")
    if "s" not in opts and "r" not in opts:
        raise Usage("-s or -r must be given")
    sign = ""
    if "s" in opts:
        text = opts["s"]
        sign = text[0] if text[:1] and text[0] in "+-<>/%" else ""
        amount = size(text[len(sign) :])
        if not amount and sign and sign in "/%":
            raise Usage("invalid size", text)
    else:
        amount = os.stat(opts["r"])[6]
    for name in names:
        if "c" in opts and not exists(name):
            continue
        try:
            protected(name)
            old = os.stat(name)[6] if exists(name) else 0
            await resize(name, old, goal(old, sign, amount))
        except OSError as e:
            complain(name, e)
    return status()


def goal(old, sign, amount):
    """Return the new size of a file."""
    if sign == "+":
        return old + amount
    if sign == "-":
        return max(old - amount, 0)
    if sign == "<":
        return min(old, amount)
    if sign == ">":
        return max(old, amount)
    if sign == "/":
        return old - old % amount
    if sign == "%":
        return old + -old % amount
    return amount


async def resize(name, old, new):
    if new >= old:  # extend
        require_space(name, new - old)
        with open(name, "ab") as file:
            await zeros(file.write, new - old)
        return
    with Replacement(name) as target, open(name, "rb") as source:
        while new > 0:
            data = source.read(min(BUFFER, new))
            target.write(data)
            new -= len(data)
