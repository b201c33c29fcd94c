# Whether lines are in order already (sort -c, -C).

from base.errors import Failure
from process.stream import CHUNK


async def check(order, name, stream, silent):
    """Returns 0 where the lines of a stream are in order, 1 otherwise; a Failure names the first one, unless silent."""
    stream.most = CHUNK
    last = None
    number = 0
    while batch := await stream.lines():
        for line in batch:
            number += 1
            if last is not None and _is_wrong(order, last, line):
                if silent:
                    return 1
                raise Failure(f"{name}:{number}", "disorder: " + line.decode())
            last = line
    return 0


def _is_wrong(order, before, line):
    """True where line may not follow before."""
    if order.keys:
        a, b = order.keyed(before, 0), order.keyed(line, 0)
        if order.stable:
            a, b = a[:-2], b[:-2]
    else:
        a, b = before, line
    if order.unique and a == b:
        return True
    return a < b if order.backwards else b < a
