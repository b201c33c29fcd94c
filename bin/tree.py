# tree - list directories as a tree
# usage: tree [-adfish] [-L DEPTH] [-P GLOB] [-I GLOB] [--noreport] [DIRECTORY...]
#
#   -a  names that begin with a dot, too      -d  directories only      -L DEPTH  maximum depth
#   -f  full paths      -i  without lines      -s  sizes in bytes      -h  human-readable sizes
#   -P GLOB  only matching files      -I GLOB  skip matching files      --noreport  no summary

import asyncio
import os

from base.files import Walk
from base.paths import basename, isdir
from base.units import human
from program import complain, odd, options, status
from text.pattern import match

proc = None


async def __main__(args):
    opts, tops = options(args, "adfishL:P:I:", ("noreport",))
    deepest = opts.number("L", 1 << 30)
    counts = [0, 0]  # directories, files
    for top in tops or ["."]:
        if not isdir(top):
            complain(top, "is no directory")
            continue
        proc.stdout.write(top + "\n")
        await show(top, opts, deepest, counts)
    if "noreport" not in opts:
        dirs = f"{counts[0]} director{'y' if counts[0] == 1 else 'ies'}"
        files = "" if "d" in opts else f", {counts[1]} file{'' if counts[1] == 1 else 's'}"
        proc.stdout.write(f"\n{dirs}{files}\n")
    return status()


async def show(top, opts, deepest, counts):
    walk = Walk(top, odd)
    next(walk)
    walk.below = top if deepest > 0 else None
    more = []  # for each level: more entries follow the current one
    for path, directory, depth in walk:
        if directory is None:
            if depth < len(more):
                del more[depth:]
            continue
        name = basename(path)
        if not wanted(name, directory, opts):
            walk.prune()
            continue
        if directory and depth >= deepest:
            walk.prune()
        level = walk.levels[-1] if not walk.levels[-1] or depth == len(walk.paths) else walk.levels[depth]
        last = not any(wanted(other[0], other[1], opts) for other in level)
        del more[depth - 1 :]
        more.append(not last)
        lead = "".join(["│   " if go_on else "    " for go_on in more[:-1]]) + ("└── " if last else "├── ")
        size = ""
        if "s" in opts or "h" in opts:
            bytes = os.stat(path)[6]
            size = f"[{human(bytes) if 'h' in opts else bytes:>7}]  "
        counts[0 if directory else 1] += 1
        proc.stdout.write(f"{'' if 'i' in opts else lead}{size}{path if 'f' in opts else name}\n")
        if not sum(counts) & 31:
            await asyncio.sleep_ms(0)


def wanted(name, directory, opts):
    """Return whether an entry is shown."""
    if name[0] == "." and "a" not in opts:
        return False
    if "I" in opts and match(opts["I"], name):
        return False
    return directory or not ("d" in opts or ("P" in opts and not match(opts["P"], name)))
