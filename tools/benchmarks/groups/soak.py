"""A day of a board in virtual time: services with clients on the board itself, cron and a script; memory hour by hour."""

import random

from benchmarks.groups.busy import first
from benchmarks.simulation import BenchError
from benchmarks.table import Row
from simulator import budgets

HOURS = 24
QUICK = 2
WITHIN = 2  # percent that the memory at the end may be above that of the first hour
LONGEST = 3000  # seconds of this computer


def measure(simulator, quick):
    heap = f"{budgets.read(budgets.DEFAULT).simulated_heap() >> 10}k"
    offset = random.randrange(10_000, 23_000)
    hours = QUICK if quick else HOURS
    out, err, status = simulator.run(
        f"sh /mnt/bench/soak.sh {offset} {hours}",
        LONGEST,
        image="romfs",
        heap=heap,
        stack="rp2",
        libraries=True,
        packages="ftp",
        options=("--set", "time.skip=false", "--port-offset", str(offset)),
    )
    if status:
        raise BenchError(f"the day ended with status {status}: {(err or out).strip()[-300:]}")
    said = [line for line in out.splitlines() + err.splitlines() if not line.startswith("@")]
    figures = [line[1:].split() for line in out.splitlines() if line.startswith("@")]
    used = [int(words[0]) for words in figures if len(words) == 2]
    yield Row("used after the first hour", used[0] / 1024, "kB")
    yield Row(
        f"used after {hours} hours",
        100 * used[-1] / used[0] - 100,
        "% more",
        limit=WITHIN,
        note=f"{max(used) / 1024:.1f} kB at the most",
    )
    for name, kind, count in (words for words in figures if len(words) == 3):
        failed = kind == "failed"
        yield Row(f"{name}, {kind}", int(count), "times", limit=0 if failed else None)
    yield Row("warnings", len(said), "lines", limit=0, note=first(said))
