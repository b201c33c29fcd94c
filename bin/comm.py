# comm - compare two sorted files line by line
# usage: comm [-123] FILE1 FILE2
#
# Three columns: lines only in FILE1, only in FILE2, in both.
#   -1, -2, -3  without that column
# Deviations: the order is that of the bytes.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/comm.html

import asyncio

from base.errors import Usage
from program import open_input, options

proc = None


async def __main__(args):
    opts, files = options(args, "123")
    if len(files) != 2:
        raise Usage("needs two files")
    before = [b"", b"" if "1" in opts else b"\t", b"\t" * (2 - ("1" in opts) - ("2" in opts))]
    streams = []
    try:
        for name in files:
            try:
                streams.append(open_input(name))
            except OSError as e:
                proc.complain(name, e)
                return 1
        lines = [await line_of(streams[0]), await line_of(streams[1])]
        turn = 0
        while lines != [None, None]:
            a, b = lines
            column = 0 if b is None or (a is not None and a < b) else 1 if a is None or b < a else 2
            if str(column + 1) not in opts:
                proc.stdout.write(before[column] + (b if column == 1 else a) + b"\n")
            for i in range(2):
                if column in (i, 2):
                    lines[i] = await line_of(streams[i])
            turn += 1
            if not turn & 63:
                await asyncio.sleep_ms(0)
    finally:
        for stream in streams:
            if stream is not proc.stdin:
                stream.close()


async def line_of(stream):
    """The next line without its newline; None at the end."""
    line = await stream.readline()
    return (line[:-1] if line[-1:] == b"\n" else line) if line else None
