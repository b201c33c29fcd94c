# head - print the first lines of files
# usage: head [-qv] [-n COUNT | -c COUNT | -COUNT] [FILE...]
#
# Print the first 10 lines of each FILE, or of standard input; several files get a heading each.
#   -n COUNT  that number of lines      -c COUNT  of bytes (4k, 1M)    -COUNT: all but the last COUNT
#   -q  no headings      -v  always headings
# Input after the last printed line stays in a shared standard input for the next program.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/head.html

from base.units import size
from program import inputs, options, status

proc = None


async def __main__(args):
    opts, files = options(args, "n:c:qv", (("lines", "n"), ("bytes", "c"), ("quiet", "q"), ("verbose", "v")), "n")
    kind, text = "n", "10"
    for letter, value in opts.order:
        if letter in "nc":
            kind, text = letter, value
    back = text[:1] == "-"
    count = int(text) if text.isdigit() else size(text[1:] if back else text)
    show = some_lines if kind == "n" else some_bytes
    if back:
        from text.ends import all_but  # late: rarely used

        show = all_but(kind, proc.stdout)
    titles = "v" in opts or (len(files) > 1 and "q" not in opts)
    gap = ""
    for name, stream in inputs(files):
        if titles:
            proc.stdout.write(f"{gap}==> {'standard input' if name == '-' else name} <==\n")
            gap = "\n"
        await show(stream, count)
    return status()


async def some_lines(stream, count):
    while count and (data := await stream.read()):
        end = 0
        while count and end < len(data):
            end = data.find(b"\n", end) + 1
            if not end:
                end = len(data)  # the line continues in the next block
                break
            count -= 1
        proc.stdout.write(data[:end])
        stream.rest = data[end:]


async def some_bytes(stream, count):
    while count and (data := await stream.read(min(count, 1024))):
        proc.stdout.write(data)
        count -= len(data)
