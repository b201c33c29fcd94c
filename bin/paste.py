# paste - merge lines of files
# usage: paste [-sz] [-d LIST] FILE...
#
# Print the first lines of all FILEs with tabs between them, then the second ones, and so on; "-" is standard input.
#   -s  join all lines of each file      -d LIST  delimiters, used in turn: \t \n \\ \0 (none)
#   -z  lines end with NUL
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/paste.html

from program import complain, inputs, open_input, options, status

proc = None

LONG = "serial=s delimiters=d zero-terminated=z"


async def __main__(args):
    opts, files = options(args, "sd:z", LONG)
    marks = delimiters(opts["d"]) if "d" in opts else ["\t"]
    out = proc.stdout
    ended = None
    if "z" in opts:
        from text.swap import Swapped as ended  # late: rarely used
        from text.swap import swapped

        out = ended(out)
        marks = [swapped(mark.encode()).decode() for mark in marks]
    if "s" in opts:
        for _, stream in inputs(files):
            await serial(ended(stream) if ended else stream, marks, out)
        return status()
    streams = []
    shared = None
    try:
        for name in files or ["-"]:
            stream = open_input(name)
            streams.append(ended(stream) if ended and stream is not proc.stdin else stream)
        if ended and "-" in (files or ["-"]):  # one stream, from which all operands - read in turn
            shared = ended(proc.stdin)
            streams = [shared if stream is proc.stdin else stream for stream in streams]
        while row := await next_row(streams, marks):
            out.write(row)
    except OSError as e:
        complain(name, e)
    finally:
        for stream in streams:
            if stream is not proc.stdin and stream is not shared:
                stream.close()
    return status()


def delimiters(text):
    marks = []
    quoted = False
    for c in text:
        if quoted:
            at = "tn\\0".find(c)
            marks.append(("\t", "\n", "\\", "")[at] if at >= 0 else c)
            quoted = False
        elif c == "\\":
            quoted = True
        else:
            marks.append(c)
    return marks or [""]


async def next_row(streams, marks):
    """Join the next line of each with delimiters; b"" at the end of all."""
    cells = []
    some = False
    for i, stream in enumerate(streams):
        line = await stream.readline()
        if i:
            cells.append(marks[(i - 1) % len(marks)].encode())
        cells.append(line[:-1] if line[-1:] == b"\n" else line)
        some = some or line
    return b"".join(cells) + b"\n" if some else b""


async def serial(stream, marks, out):
    number = 0
    while batch := await stream.lines():
        cells = []
        for line in batch:
            if number:
                cells.append(marks[(number - 1) % len(marks)].encode())
            cells.append(line)
            number += 1
        out.write(b"".join(cells))
    out.write(b"\n")
