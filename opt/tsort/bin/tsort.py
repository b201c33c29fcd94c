# tsort - topological sort
# usage: tsort [FILE]
#
# Read pairs of words from FILE, or standard input: the first precedes the second. Print all words in such an order.
# A cycle is reported and broken, and the status is 1.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/tsort.html

from base.errors import Failure, Usage
from program import complain, inputs, options, status

proc = None


async def __main__(args):
    _, files = options(args, "")
    if len(files) > 1:
        raise Usage("extra operand", files[1])
    after = {}  # word: its successors
    waits = {}  # word: number of predecessors left
    first = None
    names = []  # in the order of the input
    for name, stream in inputs(files):
        while batch := await stream.lines():
            for line in batch:
                for word in line.split():
                    if word not in after:
                        after[word] = []
                        waits[word] = 0
                        names.append(word)
                    if first is None:
                        first = word
                        continue
                    if word != first and word not in after[first]:
                        after[first].append(word)
                        waits[word] += 1
                    first = None
        if first is not None:
            raise Failure(name, "an odd number of words")
    put(names, after, waits, files[0] if files else "-")
    return status()


def put(names, after, waits, title):
    ready = [word for word in names if not waits[word]]
    left = len(names)
    while left:
        if not ready:
            circle = find_circle(names, after, waits)
            complain(title, "there is a circle: " + " ".join([word.decode() for word in circle]))
            ready.append(circle[0])
        word = ready.pop(0)
        if waits[word] < 0:
            continue
        waits[word] = -1
        left -= 1
        proc.stdout.write(word + b"\n")
        for other in after[word]:
            if waits[other] > 0:
                waits[other] -= 1
                if not waits[other]:
                    ready.append(other)


def find_circle(names, after, waits):
    """Return a cycle: words that precede each other."""
    before = {}
    for word in names:
        if waits[word] > 0:
            for other in after[word]:
                before[other] = word
    path = []
    word = [word for word in names if waits[word] > 0][0]
    while word not in path:
        path.append(word)
        word = before[word]
    circle = path[path.index(word) :]
    circle.reverse()
    return circle
