# rev - reverse each line
# usage: rev [FILE...]
#
# Print the lines of each FILE, or of standard input, with their characters in reverse order.

from program import each, options

proc = None


async def __main__(args):
    _, files = options(args, "")
    return await each(files, reverse)


async def reverse(name, stream):
    while data := await stream.block():
        proc.stdout.write(b"\n".join([turned(line) for line in data.split(b"\n")]))


def turned(line):
    """Reverse the characters of a line; its bytes if it is not UTF-8."""
    if line and max(line) > 127:
        try:
            return "".join(reversed(line.decode())).encode()
        except UnicodeError:
            pass
    return bytes(reversed(line))
