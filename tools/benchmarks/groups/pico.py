"""A Pico W, emulated: memory, C stack and times of a session of 205 commands on MicroPython's own firmware.

Times are the board's own, so they do not depend on this computer. Firmware that only its makers have, with the system in
ROMFS or frozen, is measured where it is; its figures are kept in pico.json with the tree they belong to, and shown below.
"""

import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.simulation import HERE, BenchError
from benchmarks.table import Row
from emulator import shell, system
from emulator.machine import EmulatorError, Machine

SESSION = HERE / "board" / "session.sh"
RESULTS = HERE / "pico.json"
STRESS = (160, 112, 100)  # KiB of heap
WHILE = "i=0; while [ $i -lt 1000 ]; do i=$((i + 1)); done"
GOTO = r"printf 'a=0\n:again\nincr a\nif $a < 1000 goto again\n' > /tmp/g.sh"
STACK = 8192
MARGIN = 1024
QUICK = 20  # commands
TIMES = 5  # that a command is timed


def measure(simulator, quick):
    options = simulator.pico
    lines = SESSION.read_text().splitlines()[: QUICK if quick else None]
    try:
        rows = figures(prepared(simulator, options), simulator.directory, lines, quick, bool(options.get("flash")))
    except EmulatorError as e:
        raise BenchError(str(e)) from None
    yield from rows
    if options.get("record"):
        record(options["record"], simulator.tree, rows)
    yield from recorded(options.get("record"))


def prepared(simulator, options):
    """The path of a flash to measure: the one that was named, or the stock firmware with packs."""
    flash = simulator.directory / "pico.flash"
    if options.get("flash"):
        shutil.copyfile(options["flash"], flash)
    else:
        system.make(flash, system.firmware(), "packed", "small", str(simulator.tree))
        with Machine(flash, held=True) as machine:  # the first boot makes files
            shell.boot(machine)
            machine.exchange(seconds=5)
    return flash


def figures(flash, directory, lines, quick, every):
    """The rows of one flash. Each boot is a process of its own, as many at a time as there are processors.

    every: with all smaller heaps; stock firmware has a limit for the largest of them alone.
    """
    jobs = [partial(beginning, quick=quick), partial(session, lines=lines)]
    if not quick:
        jobs += [partial(stress, size=size, lines=lines) for size in (STRESS if every else STRESS[:1])]
    copies = [directory / ("pico-%d.flash" % number) for number in range(len(jobs))]
    for copy in copies:
        shutil.copyfile(flash, copy)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [row for rows in pool.map(lambda job, copy: list(job(copy)), jobs, copies) for row in rows]


def beginning(flash, quick):
    """Rows of the first commands."""
    with Machine(flash, held=True) as machine:
        yield Row("power on to prompt", shell.boot(machine), "ms")
        machine.exchange(seconds=1)
        heap = machine.heap()
        yield Row("used at the prompt", heap["live"], "bytes", note="of %d" % heap["size"])
        yield Row("first key to echo", shell.first_key(machine), "ms")
        machine.exchange("\x03", shell.PROMPT)
        shell.run(machine, "pwd")
        heap = machine.heap()
        yield Row("used after the first command", heap["live"], "bytes", note=largest(heap))
        yield from typed(machine)
        if not quick:
            yield Row("while loop of 1,000", shell.run(machine, WHILE).ms, "ms")
            shell.run(machine, GOTO)
            yield Row("goto loop of 1,000", shell.run(machine, "sh /tmp/g.sh").ms, "ms")


def typed(machine):
    """Rows of commands that have just run: from Enter to the prompt. The median, for now and then memory is collected."""
    for line in ("pwd", "echo hi", "ls /"):
        shell.run(machine, line)
        yield Row("%s, cached" % line, median(shell.run(machine, line).ms for _ in range(TIMES)), "ms")


def session(flash, lines):
    """Rows of all commands in one boot."""
    with Machine(flash, held=True) as machine:
        shell.boot(machine)
        done, least = [], None
        for line in lines:
            done.append(shell.run(machine, line))
            piece = machine.heap()["largest"]
            least = piece if least is None else min(least, piece)
        heap = machine.heap()
        yield Row("used at the end", heap["live"], "bytes", note=largest(heap))
        yield Row("least largest free piece", least, "bytes")
        yield Row("names", machine.names()["names"], "names", note="beside those of the firmware")
    yield Row("all %d commands" % len(lines), sum(command.ms for command in done) / 1000, "s")
    failed = [command.line for command in done if command.failed]
    yield Row("commands that lacked memory", len(failed), "commands", note=failed[0] if failed else "")
    yield Row("commands that are not there", sum(command.missing for command in done), "commands")
    deepest = max(done, key=lambda command: command.stack)
    yield Row("deepest C stack", deepest.stack, "bytes", limit=STACK - MARGIN, note=deepest.line)


def stress(flash, size, lines):
    """The row of the session with a smaller heap."""
    with Machine(flash, held=True) as machine:
        shell.boot(machine)
        shell.cut_heap(machine, size << 10)
    name = "lacked memory, heap of %d KiB" % size
    with Machine(flash, held=True) as machine:
        answer = machine.exchange("", shell.PROMPT, 60)
        if not answer.matched:
            yield Row(name, len(lines), "commands", note="no prompt")
            return
        failed = [i for i, line in enumerate(lines, 1) if shell.run(machine, line, 60).failed]
    note = "the first: %d, the last: %d of %d" % (failed[0], failed[-1], len(lines)) if failed else ""
    yield Row(name, len(failed), "commands", note=note)


def largest(heap):
    return "largest free piece %d" % heap["largest"]


def record(name, tree, rows):
    """Keep the figures of a firmware under its name, with the commit of the tree they were measured with."""
    words = ["git", "-C", str(tree), "rev-parse", "--short=12", "HEAD^{tree}"]
    identity = subprocess.run(words, capture_output=True, text=True).stdout.strip()
    results = kept()
    figures = {row.name: [row.value, row.unit, row.note] for row in rows}
    results[name] = {"tree": identity, "figures": figures}
    RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")


def kept():
    return json.loads(RESULTS.read_text()) if Path(RESULTS).exists() else {}


def recorded(but):
    """The rows of pico.json."""
    for name, result in sorted(kept().items()):
        if name != but:
            for figure, (value, unit, note) in result["figures"].items():
                about = "tree %s" % result["tree"]
                yield Row("%s: %s" % (name, figure), value, unit, note=", ".join(filter(None, (note, about))))
