# du - show the disk usage of files
# usage: du [-abchks] [-d DEPTH] [FILE...]
#
# Prints the space of each FILE (the working directory) and everything below it, in KiB.
#   -a  files, too      -s  only the total of each FILE      -d DEPTH  to that depth      -c  a grand total
#   -b  bytes of content      -k  KiB      -h  human-readable
# Space is counted in blocks of the file system; small files of littlefs take less.
# Deviations: the unit without -k is 1 KiB, too.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/du.html

import asyncio
import os

from base.errors import Usage
from base.files import Walk
from base.units import human
from program import complain, odd, options, status

proc = None

LONG = (
    ("all", "a"),
    ("bytes", "b"),
    ("human-readable", "h"),
    ("max-depth", "d"),
    ("summarize", "s"),
    ("total", "c"),
)


async def __main__(args):
    opts, tops = options(args, "abcd:hks", LONG)
    if "a" in opts and "s" in opts:
        raise Usage("-a and -s are mutually exclusive")
    deepest = 0 if "s" in opts else opts.number("d", 1 << 30)
    total = 0
    for top in tops or ["."]:
        try:
            total += await measure(top, opts, deepest)
        except OSError as e:
            complain(top, e)
    if "c" in opts:
        show(total, "total", opts)
    return status()


async def measure(top, opts, deepest):
    """Show the usage below top; return its bytes."""
    block = 1 if "b" in opts else os.statvfs(top)[0]
    sums = [0]  # of the enclosing directories
    turn = 0
    walk = Walk(top, odd)
    walk.wrong = complain
    for path, directory, depth in walk:
        turn += 1
        if not turn & 31:
            await asyncio.sleep_ms(0)
        if directory:
            sums.append(0 if "b" in opts else block)
        elif directory is None:
            size = sums.pop()
            sums[-1] += size
            if depth <= deepest:
                show(size, path, opts)
        else:
            try:
                size = (os.stat(path)[6] + block - 1) // block * block
            except OSError as e:
                complain(path, e)
                continue
            sums[-1] += size
            if not depth or ("a" in opts and depth <= deepest):
                show(size, path, opts)
    return sums[0]


def show(size, path, opts):
    text = human(size) if "h" in opts else str(size if "b" in opts else (size + 1023) // 1024)
    proc.stdout.write(f"{text}\t{path}\n")
