# paste - put lines of files side by side
# usage: paste [-s] [-d LIST] FILE...
#
# Print the first lines of all FILEs with tabs between them, then the second ones, and so on; "-" takes the next
# line of standard input.
#   -s  all lines of a file in one, file by file      -d LIST  the characters between, used in turn: \t \n \\ \0 (none)
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/paste.html

from program import complain, inputs, open_input, options, status

proc = None

LONG = (("serial", "s"), ("delimiters", "d"))


async def __main__(args):
    opts, files = options(args, "sd:", LONG)
    marks = delimiters(opts["d"]) if "d" in opts else ["\t"]
    if "s" in opts:
        for _, stream in inputs(files):
            await serial(stream, marks)
        return status()
    streams = []
    try:
        for name in files or ["-"]:
            streams.append(open_input(name))
        while row := await next_row(streams, marks):
            proc.stdout.write(row)
    except OSError as e:
        complain(name, e)
    finally:
        for stream in streams:
            if stream is not proc.stdin:
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
    """The next line of each with delimiters between them; b"" when none has any."""
    cells = []
    some = False
    for i, stream in enumerate(streams):
        line = await stream.readline()
        if i:
            cells.append(marks[(i - 1) % len(marks)].encode())
        cells.append(line[:-1] if line[-1:] == b"\n" else line)
        some = some or line
    return b"".join(cells) + b"\n" if some else b""


async def serial(stream, marks):
    number = 0
    while batch := await stream.lines():
        out = []
        for line in batch:
            if number:
                out.append(marks[(number - 1) % len(marks)].encode())
            out.append(line)
            number += 1
        proc.stdout.write(b"".join(out))
    proc.stdout.write(b"\n")
