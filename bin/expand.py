# expand - convert tabs to spaces
# usage: expand [-i] [-t TABS] [FILE...]
#
# Copy each FILE, or standard input, with spaces up to the next tab stop for each tab.
#   -t TABS  the distance of the tab stops (8), or the columns of them all: 4,8,20      -i  only tabs before text
# After the last of several stops a tab is one space.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/expand.html

import asyncio

from micropython import const

from program import inputs, options, status
from text.columns import column_after, stops

proc = None

PIECE = const(1024)  # blanks written at a time


async def __main__(args):
    opts, files = options(args, "it:", (("initial", "i"), ("tabs", "t")))
    tabs = stops(opts["t"] or "8")
    for _, stream in inputs(files):
        column = 0
        text = False  # for -i: the line has had other characters than blanks
        while data := await stream.read(PIECE // 4):  # each line and tab becomes an object
            out = []
            for i, line in enumerate(data.split(b"\n")):
                if i:
                    out.append(b"\n")
                    column = 0
                    text = False
                for k, part in enumerate(line.split(b"\t")):
                    if k:
                        stop = tabs(column)
                        if text:
                            out.append(b"\t")
                        else:
                            while stop - column > PIECE:
                                out.append(b" " * PIECE)
                                proc.stdout.write(b"".join(out))
                                out = []
                                column += PIECE
                                await asyncio.sleep_ms(0)
                            out.append(b" " * (stop - column))
                        column = stop
                    if part:
                        out.append(part)
                        column = column_after(part, column)
                        text = text or ("i" in opts and part.strip(b" ") != b"")
            proc.stdout.write(b"".join(out))
    return status()
