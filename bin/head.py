# head - print the first lines of files
# usage: head [-qv] [-n COUNT | -c COUNT | -COUNT] [FILE...]
#
# Print the first 10 lines of each FILE, or of standard input; several files get a heading each.
#   -n COUNT  so many lines      -c COUNT  so many bytes      -q  no headings      -v  always headings
# What is read from a shared standard input and not printed stays there for the next program.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/head.html

from base.errors import Usage
from program import block, inputs, options, status

proc = None


async def __main__(args):
    opts, files = options(args, "n:c:qv", (("lines", "n"), ("bytes", "c"), ("quiet", "q"), ("verbose", "v")), "n")
    count = opts.number("c", None)
    show = some_lines if count is None else some_bytes
    if count is None:
        count = opts.number("n", 10)
    if count < 0:
        raise Usage("not a count", str(count))
    titles = "v" in opts or (len(files) > 1 and "q" not in opts)
    gap = ""
    for name, stream in inputs(files):
        if titles:
            proc.stdout.write(f"{gap}==> {'standard input' if name == '-' else name} <==\n")
            gap = "\n"
        await show(stream, count)
    return status()


async def some_lines(stream, count):
    while count and (data := await block(stream)):
        end = 0
        while count and end < len(data):
            end = data.find(b"\n", end) + 1 or len(data)
            count -= 1
        proc.stdout.write(data[:end])
        stream.rest = data[end:] + stream.rest


async def some_bytes(stream, count):
    while count and (data := await stream.read(min(count, 1024))):
        proc.stdout.write(data)
        count -= len(data)
