"""All services with a client each at the same time, on the default board and with the heap of a Pico W: the waits of each."""

import sys
import time

from benchmarks import busy, users
from benchmarks.simulation import ROOT
from benchmarks.table import Row
from simulator import budgets

DEFAULT, SMALL = budgets.DEFAULT, "pico-w"  # the boards whose heaps they have
CASES = ((DEFAULT, "packed"), (DEFAULT, "mpy"), (DEFAULT, "romfs"), (SMALL, "romfs"))
SECONDS = 300
QUICK = 20
WARM = 15  # seconds after which everything has been loaded once


def measure(simulator, quick, cases=CASES, seconds=SECONDS, kinds=users.KINDS):
    sys.path.append(str(ROOT / "tests"))  # for the Chromium of the tests
    for name, image in cases:
        title = f"{name}, {image}"
        board = busy.Board(busy.words(simulator, name, image))
        try:
            board.start()
            yield from rows(board, title, QUICK if quick else seconds, kinds)
        finally:
            board.close()


def rows(board, title, seconds, kinds):
    """The figures of one board."""
    busy.load(board, WARM, kinds)
    time.sleep(busy.SETTLE)
    before, free = board.heap()
    everybody = busy.load(board, seconds, kinds)
    time.sleep(busy.SETTLE)
    after, _ = board.heap()
    said = busy.complaints(board, everybody)
    for user in everybody:
        waits = sorted(user.waits)
        late = sum(wait > busy.LATE for wait in waits)
        note = f"of {len(waits)}; median {waits[len(waits) // 2]:.2f} s, longest {waits[-1]:.1f} s" if waits else "none"
        yield Row(
            f"{title}: {user.name}, later than {busy.LATE} s", 100 * late / max(len(waits), 1), "%", limit=1, note=note
        )
        yield Row(
            f"{title}: {user.name}, refused or failed", len(user.failures), "times", limit=0, note=first(user.failures)
        )
    yield Row(f"{title}: complaints", len(said), "lines", limit=0, note=first(said))
    yield Row(
        f"{title}: memory afterwards",
        100 * after / before - 100,
        "% more",
        limit=5,
        note=f"{free >> 10} kB free before",
    )


def first(texts):
    """The first of some sentences, as a note."""
    return texts[0].strip()[:100] if texts else ""
