# rev - turn each line around
# usage: rev [FILE...]
#
# Print the lines of each FILE, or of standard input, with their characters in the opposite order.

from base.errors import Failure
from program import complain, inputs, options, status

proc = None


async def __main__(args):
    _, files = options(args, "")
    for name, stream in inputs(files):
        try:
            while data := await stream.block():
                proc.stdout.write(b"\n".join([turned(line) for line in data.split(b"\n")]))
        except Failure as e:
            complain(name, e)
    return status()


def turned(line):
    """The characters of a line from the last to the first; its bytes where it is no UTF-8."""
    if line and max(line) > 127:
        try:
            return "".join(reversed(line.decode())).encode()
        except UnicodeError:
            pass
    return bytes(reversed(line))
