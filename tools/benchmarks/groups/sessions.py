"""Long sessions at the console: how many of some hundred everyday commands run out of memory, on the boards of each tier.

The order of the commands is drawn with a seed that the row names; the same seed plays the same session again.
"""

import random
import re
import shutil
import subprocess
from typing import NamedTuple

from benchmarks.simulation import HERE, PATIENCE, SHARED, TOOL, BenchError, Console
from benchmarks.table import Row

COMMANDS = HERE / "board" / "everyday.txt"
LENGTH = 320  # commands in a session
SEEDS = range(10)
PROBES = ("echo probe", "ps", "free", "ls /", "rm -f none")  # what must work at any time
FLASH_SIZE = "2560k"  # what is measured is memory: files have room
PASSWORD = "benchmarks"
WEDGED = 8  # failures without a success between them

# What a command says that has found no memory, or a module that could not be loaded for want of it.
STARVED = re.compile(r"out of memory|memory allocation|MemoryError|ImportError|Traceback|not enough memory")
PREPARE = (
    "cd; printf 'pear\\napple\\nfig\\nplum\\napple\\nquince\\n' > words; sort words > sorted; dmesg | head -n 3 > notes; "
    "echo \"some notes\" >> notes; printf 'ann:3\\nbob:4\\n' > table; echo '{\"a\": [1, 2]}' > data.json; "
    "printf '#!/bin/sh\\nn=${1:-2}\\n:again\\nn=$((n - 1))\\nif $n > 0 goto again\\necho done\\n' > demo.sh"
)


class Setting(NamedTuple):
    """A board, the form of its system, and what runs besides the console."""

    name: str
    board: str
    image: str
    limit: float  # per cent of the commands that may fail
    services: tuple = ()


SETTINGS = (
    Setting("Pico 2 W, packed", "pico2-w", "packed", 0),
    Setting("Pico W, ROMFS", "pico-w", "romfs", 0),
    Setting("Pico W, packed, telnetd", "pico-w", "packed", 1, ("telnetd",)),
)


def measure(simulator, quick):
    commands = COMMANDS.read_text().splitlines()
    for setting in SETTINGS:
        failed, wedged, played = 0, 0, 0
        for seed in SEEDS[:1] if quick else SEEDS:
            count, stuck = session(simulator, setting, commands, seed)
            failed += count
            wedged += stuck
            played += LENGTH
        note = f"of {played} in {len(SEEDS[:1] if quick else SEEDS)} sessions; {wedged} wedged"
        yield Row(f"commands that failed: {setting.name}", 100 * failed / played, "%", limit=setting.limit, note=note)


def session(simulator, setting, commands, seed, length=LENGTH, say=None):
    """Play a session on a new board: (number of failed commands, whether the board got stuck)."""
    order = random.Random(seed)
    failed, in_a_row = 0, 0
    with Console(words(simulator, setting)) as console:
        console.expect("$: ")
        run(console, PREPARE)
        run(console, f"printf '{PASSWORD}\\n{PASSWORD}\\n' | passwd")
        for service in setting.services:
            run(console, f"service start {service}")
        for _ in range(length):
            command = order.choice(commands)
            try:
                output = run(console, command)
            except BenchError:  # the prompt does not come back
                return failed + 1, True
            if STARVED.search(output):
                failed += 1
                in_a_row += 1
                if say:
                    say(command, output)
                if in_a_row == WEDGED:
                    return failed, True
            else:
                in_a_row = 0
        stuck = [command for command in PROBES if STARVED.search(run(console, command))]
    return failed + len(stuck), bool(stuck)


def run(console, command):
    """Type a line and wait for the prompt behind it; returns what came between."""
    console.send(f"{command}\r")
    console.send("echo '<''end>'\r")  # the echo of what is typed does not hold what is waited for
    output = console.expect("<end>")
    console.expect("$: ")
    return output


def words(simulator, setting):
    """The simulator's command line for a new board."""
    options = ["--board", setting.board, "--image", setting.image, "--tree", str(simulator.tree)]
    pristine = simulator.directory / f"session-{setting.board}-{setting.image}.img"
    if not pristine.exists():
        make = [*TOOL, *options, "--flash-size", FLASH_SIZE, "--no-boot", "--flash", str(pristine)]
        made = subprocess.run(make, capture_output=True, text=True, timeout=PATIENCE)
        if made.returncode:
            raise BenchError(f"{setting.name}: {made.stderr.strip()}")
    flash = simulator.directory / "session.img"
    for end in ("", ".image"):
        shutil.copyfile(f"{pristine}{end}", f"{flash}{end}")
    return [*TOOL, *options, "--flash", str(flash), "--mount", f"{simulator.shared}:{SHARED}"]
