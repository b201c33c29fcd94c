# comm - compare two sorted files line by line
# usage: comm [-123z] [OPTION...] FILE1 FILE2
#
# Three columns: lines only in FILE1, only in FILE2, in both. An unsorted file is an error (status 1), which is checked
# from the first unpaired line on.
#   -1, -2, -3  without that column      -z, --zero-terminated  lines end with a zero byte
#   --check-order  end at the first unsorted line      --nocheck-order  do not check
#   --output-delimiter TEXT  between columns, instead of a tab      --total  also the number of lines of each column
# Deviations: the order is that of the bytes.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/comm.html

import asyncio

from program import options
from text.pair import Pair

proc = None

LONG = (
    "check-order",
    "nocheck-order",
    ("zero-terminated", "z"),
    "output-delimiter:",
    "total",
)


async def __main__(args):
    opts, files = options(args, "123z", LONG)
    tab = opts["output-delimiter"].encode() if "output-delimiter" in opts else b"\t"
    before = [b"", b"" if "1" in opts else tab, tab * (2 - ("1" in opts) - ("2" in opts))]
    total = [0, 0, 0]
    with Pair(files, opts) as pair:
        write = pair.out.write
        past = [None, None]  # the previous lines
        lines = [await pair.line(0), await pair.line(1)]
        while lines != [None, None]:
            a, b = lines
            column = 0 if b is None or (a is not None and a < b) else 1 if a is None or b < a else 2
            total[column] += 1
            if column < 2:
                pair.single = True
            if str(column + 1) not in opts:
                write(before[column] + (b if column == 1 else a) + b"\n")
            for i in range(2):
                if column in (i, 2):
                    new = await pair.line(i)
                    two = (past[i], lines[i]) if new is None else (lines[i], new)  # at the end, the last two again
                    if two[0] is not None:
                        pair.check(i, two[0], two[1], "", f"file {i + 1} is not in sorted order")
                    past[i], lines[i] = lines[i], new
            if not sum(total) & 63:
                await asyncio.sleep_ms(0)
        if "total" in opts:
            write(tab.join([b"%d" % count for count in total]) + tab + b"total\n")
    return pair.status()
