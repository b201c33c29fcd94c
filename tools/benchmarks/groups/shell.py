"""The shell's parser, and its line editor."""

import time
from statistics import median

from benchmarks.simulation import BOARD, Console
from benchmarks.table import Row

BUSY = "while true; do :; done &"


def measure(simulator, quick):
    source = simulator.shared / "source.py"
    source.write_bytes((simulator.tree / "lib/shell/lexer.py").read_bytes())
    rounds = 5 if quick else 25
    words = f"{BOARD}/sample.sh /mnt/shared/{source.name} {rounds}"
    found = simulator.measure(f"{BOARD}/parse_rate.py {words}\n", heap="2M")
    ratio = median(float(row[1]) / float(row[2]) for row in found if row[0] == "times")
    yield Row("parse a script", ratio, "of compiling as much Python", note="the compiler is written in C")
    memory = [row for row in found if row[0] == "memory"][0]
    yield Row("a parsed line", float(memory[1]), "bytes", note=f"the mean of {memory[2]} lines, 64-bit host")
    with Console(simulator.words()) as console:
        console.expect("$: ")
        alone = echo(console, quick)
        console.send(BUSY + "\r")
        console.expect("$: ")
        busy = echo(console, quick)
    yield Row("key to echo", alone, "ms")
    yield Row("beside a busy job", busy, "ms", note="a loop that never waits")


def echo(console, quick):
    """Milliseconds from a key to its echo."""
    times = []
    for _ in range(20 if quick else 100):
        start = time.perf_counter()
        console.send("x")
        console.expect("x")
        times.append(time.perf_counter() - start)
    console.send("\x15")
    return median(times) * 1000
