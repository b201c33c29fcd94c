"""From power on to the prompt on a terminal, from source, with the init.sh of the tree.

The CPU time is that of the process in which the interpreter runs. A board whose main.py only prints a prompt is
measured in turn and taken off: that is the start of the interpreter and of the simulated hardware.
"""

import subprocess
import time
from statistics import median

from benchmarks import reference
from benchmarks.rounds import STEADY
from benchmarks.simulation import BOARD, PATIENCE, Console
from benchmarks.table import Row

BARE = f"""import sys
sys.path.append("{BOARD}")
sys.stdout.write("$: ")
import clock
import select
poll = select.poll()
poll.register(sys.stdin, select.POLLIN)
poll.poll()
print("cal", min(clock.calibration() for i in range(3)))
"""


def measure(simulator, quick):
    tree = simulator.bare_tree(BARE)
    rounds = [one_round(simulator, tree) for _ in range(3 if quick else 15)]
    rounds = [entry for entry in rounds if entry]
    if rounds:
        steady = [entry for entry in rounds if entry[2]] or rounds
        ratio = median(cpu / cal for cpu, _, _, cal in steady)
        limit = reference.BOOT_MS / reference.QUIET_CAL_MS
        old = reference.UPYOS_BOOT_MS / reference.QUIET_CAL_MS
        yield Row("CPU to the prompt", ratio, "CAL", old, limit)
        yield Row("the same here", median(cpu for cpu, *_ in steady), "ms")
        yield Row("start of the bare board", median(start for _, start, *_ in steady), "ms", note="taken off above")
    else:
        yield Row("CPU to the prompt", None, "CAL", note="this host does not tell the CPU time of a process")
    yield Row("./tools/sim -c true, warm", median(warm(simulator) for _ in range(3 if quick else 9)), "ms", limit=1000)


def one_round(simulator, tree):
    """(ms of CPU to the prompt, the same of the bare board, whether the speed was steady, CAL in ms).

    The bare board, which runs the calibration loop, is started before and after. None if the host cannot measure it.
    """
    start, before = bare(simulator, tree)
    with Console(simulator.words()) as console:
        console.expect("$: ")
        whole = console.cpu_ms()
    again, after = bare(simulator, tree)
    if start is None or whole is None or again is None:
        return None
    start = (start + again) / 2
    return whole - start, start, max(before, after) <= STEADY * min(before, after), (before + after) / 2


def bare(simulator, tree):
    """(ms of CPU of the bare board until it has a prompt, CAL in ms)."""
    with Console(simulator.words(tree=tree)) as console:
        console.expect("$: ")
        start = console.cpu_ms()
        console.send("\r")
        console.expect("cal ")
        cal = int(console.expect("\n"))
    simulator.calibrations.append(cal)
    return start, cal / 1000


def warm(simulator):
    """Milliseconds of one whole run of the command, with an existing flash."""
    command = [*simulator.words(), "-c", "true"]
    start = time.monotonic()
    subprocess.run(command, stdin=subprocess.DEVNULL, check=True, timeout=PATIENCE)
    return (time.monotonic() - start) * 1000
