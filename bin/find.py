# find - search for files in directory trees
# usage: find [-HLP] [PATH...] [-maxdepth N] [-mindepth N] [-depth] [TEST...] [ACTION...]
#
# Walk each PATH (default: the working directory) and everything below, in the order of names.
# Tests:    -name GLOB  -iname GLOB (the last part of the path)   -path GLOB  -ipath GLOB (all of it)   -empty
#           -type LETTERS (with commas: f file, d directory, c device; l, p, s and b are nowhere)   -samefile FILE
#           -regex REGEX  -iregex REGEX (all of the path; as in Emacs, with -regextype posix-extended as in grep -E)
#           -size [+-]N[ckMG] (512-byte blocks, bytes, KiB ...; + more, - less)    -newer FILE   -newermt DATE
#           -mtime [+-]DAYS   -mmin [+-]MINUTES   -true   -false   -readable   -writable   -executable (.py, .sh)
# Operators: TEST TEST or TEST -a TEST and, TEST -o TEST or, ! TEST not, ( ... ) grouping (quote the parentheses)
# Actions:  -print   -print0 (NUL after each)   -printf FORMAT   -delete   -prune (do not enter)   -quit
#           (%p path, %f base name, %h directory, %P below PATH, %s size, %y type, %d depth, %TY %T@ ... time, \n)
#           -exec COMMAND... {} \; (true if it succeeds)   -exec COMMAND... {} + (many at a time)
#           -execdir COMMAND... {} \; (in the directory of the file)      -xdev, -mount  no effect
# Deviations: no links, owners and permissions.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/find.html

import asyncio

from base.errors import Failure
from base.files import TURN, Walk
from find.expression import Entry, Expression
from program import complain, inform, odd, status

proc = None


async def __main__(args):
    inform(args[0] if args else "")
    while args and args[0] in ("-H", "-L", "-P"):  # how to treat links: ignored
        args = args[1:]
    i = 0
    while i < len(args) and args[i][:1] not in ("-", "(", "!"):
        i += 1
    expression = Expression(args[i:])
    for top in args[:i] or ["."]:
        try:
            if not await search(top, expression):
                break
        except OSError as e:
            complain(top, e)
    await expression.finish()
    return status()


async def search(top, expression):
    """Evaluate the expression below top. Return False to stop."""
    walk = Walk(top, odd)
    walk.wrong = complain
    turn = 0
    for path, directory, depth in walk:
        if directory and depth >= expression.deepest:
            walk.prune()
            directory = None  # not descended into: with -depth it would be due now, too
        elif expression.depth if directory else directory is None and not expression.depth:
            continue
        if depth < expression.least:
            continue
        entry = Entry(path, directory is not False, depth, top)
        try:
            await expression.holds(entry)
        except (OSError, Failure) as e:
            complain(path, e)
        if entry.prune:
            walk.prune()
        if expression.quit:
            return False
        turn += 1
        if turn >= TURN:
            turn = 0
            await asyncio.sleep_ms(0)
    return True
