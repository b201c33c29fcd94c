"""The heap that a command needs: the smallest --heap with which it gives the right output.

Found by bisection: a command's need above `true` is the difference between two such heaps. Each is a little
higher than what is really in use, as on a board: a heap is never full to the last byte.
"""

from benchmarks import reference
from benchmarks.table import Row

LEAST = 64  # kB: nothing runs with less
MOST = 1024
STEP = 2  # kB between two heaps that are told apart
PATIENCE = 60  # seconds, after which a board with too little memory has failed

SHORT = 100 * 1000  # bytes
LONG = 10 * 1000 * 1000


def measure(simulator, quick):
    step = 4 * STEP if quick else STEP
    prompt = least(simulator, "true", "", step)
    yield Row("least heap: true", prompt, "kB")
    lines = 2000 if quick else 20000
    count = sum("7" in str(i + 1) for i in range(lines))
    need = least(simulator, f"seq {lines} | grep 7 | wc -l", f"{count}\n", step)
    limit = reference.PIPELINE_HEAP
    yield Row(f"seq {lines} | grep 7 | wc -l", more(need, prompt), "kB", limit=limit, note="more than true")
    long = LONG // 10 if quick else LONG
    heaps = [least(simulator, *counting(simulator, size), step) for size in (SHORT, long)]
    yield Row("cat | wc -c, 100 KB", more(heaps[0], prompt), "kB", note="more than true")
    limit = reference.CONSTANT_HEAP * step // STEP
    yield Row(f"the same, {long // 1000000} MB", more(heaps[1], heaps[0]), "kB", limit=limit, note="more than 100 KB")


def counting(simulator, size):
    """(command, output): count the bytes of a file of this computer."""
    path = simulator.shared / f"{size}.txt"
    path.write_bytes(b"0123456789abcde\n" * (size // 16))
    return f"cat /mnt/shared/{path.name} | wc -c", f"{size}\n"


def least(simulator, command, output, step):
    """The smallest heap in kB with which a command gives that output; None if MOST is too little."""

    def works(kilobytes):
        return simulator.run(command + "\n", heap=f"{kilobytes}k", timeout=PATIENCE) == (output, "", 0)

    if not works(MOST):
        return None
    low, high = LEAST, MOST
    while high - low > step:
        middle = (low + high) // (2 * step) * step
        if works(middle):
            high = middle
        else:
            low = middle
    return high


def more(need, base):
    return None if need is None or base is None else need - base
