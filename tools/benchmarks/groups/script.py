"""The shell as a language, and text through a pipeline."""

from benchmarks import reference, rounds
from benchmarks.table import Row

TIMES = 1001
LINES = 5000


def measure(simulator, quick):
    script = f'> clock.write_file("/tmp/lines", {LINES} * 61)\n'
    script += "cat /tmp/lines | grep needle | wc -l >/dev/null\n"
    for i in range(2 if quick else 9):
        script += rounds.empty() + goto_loop(i) + while_loop()
        script += rounds.timed("pipeline", "cat /tmp/lines | grep straws | wc -l")
    found = rounds.measure(simulator, script)
    old = reference.UPYOS_LOOP
    yield Row(f"{TIMES} x (incr, if .. goto)", found["goto"], "CAL", old, old * reference.LOOP)
    yield Row(f"{TIMES} x while [ ], $(( ))", found["while"], "CAL")
    yield Row("lines through cat | grep | wc", LINES / found["pipeline"], "lines/CAL", note="more is better")


def goto_loop(i):
    """The loop of upyOS; a script has one label of each name."""
    return rounds.timed("goto", f"a=0\n:again{i}\nincr a\nif $a <= {TIMES - 1} goto again{i}")


def while_loop():
    return rounds.timed("while", f"a=0\nwhile [ $a -lt {TIMES} ]; do a=$((a + 1)); done")
