"""RAM live at the first prompt on a terminal, after a collection, above an interpreter that runs nothing.

What the simulated board itself takes (its flash, its devices, the directories of this computer) is no part of it: the
bare interpreter has the same board, with the modules of it that were in use at the prompt.

MicroPython's table of names grows by as many places as it has. Where those steps lie depends on how many names the
simulated devices have, so free places are not counted, in neither of the two.
"""

import subprocess
import time
from pathlib import Path

from benchmarks import reference
from benchmarks.simulation import BOARD, PATIENCE, BenchError, Console
from benchmarks.table import Row

IMAGES = ("source", "mpy", "packed", "romfs")
KB = 1024
NAME = 11  # bytes of a name's place in the table on the 64-bit host: pointer, hash, length

PROBE = f"""import asyncio, gc, sys
gc.collect()
before = gc.mem_alloc()
sys.path.append("{BOARD}")
import at_prompt
sys.path.pop()
at_prompt.start(before)
"""

BARE = """import gc
for name in %r:
    __import__(name)
gc.collect()
used = gc.mem_alloc()
import micropython
micropython.qstr_info()
print("used", used)
"""


def measure(simulator, quick):
    tree = simulator.tree_with(PROBE)
    modules = []
    for image in IMAGES:
        used, modules = at_prompt(simulator, image, tree)
        board = bare(simulator, modules)
        limit = reference.RAM.get(image)
        yield Row(f"prompt, {image}", (used - board) / KB, "kB", reference.UPYOS_RAM, limit)
        used, _ = at_prompt(simulator, image, tree, "true\r")
        yield Row(f"the same after a command, {image}", (used - board) / KB, "kB", note="the shell is loaded")
    yield Row("simulated board and bare interpreter", board / KB, "kB", note="not in the figures above")
    yield Row("bare interpreter alone", interpreter(), "kB")


def at_prompt(simulator, image, tree, keys=""):
    """Bytes in use at the prompt, without the probe's own, and the names of the simulator's modules in use.

    keys: what is typed first.
    """
    go, answer = simulator.shared / "go", simulator.shared / "used"
    for path in (go, answer):
        path.unlink(missing_ok=True)
    with Console(simulator.words(image=image, tree=tree)) as console:
        console.expect("$: ")
        if keys:
            console.send(keys)
            console.expect("$: ")
        go.touch()
        end = time.monotonic() + PATIENCE
        while not (answer.exists() and answer.read_text().endswith(".\n")):
            if time.monotonic() > end:
                raise BenchError("the probe at the prompt does not answer")
            time.sleep(0.01)
        free = free_places(console)
    total, own, *modules, _ = answer.read_text().split()
    return int(total) - int(own) - free, modules


def bare(simulator, modules):
    """Bytes in use on a board without a system, with these modules of the simulator."""
    with Console(simulator.words(tree=simulator.bare_tree(BARE % (modules,)))) as console:
        free = free_places(console)
        console.expect("used ")
        return int(console.expect("\n")) - free


def free_places(console):
    """Bytes of the table of names that hold none, by what qstr_info() has printed."""
    console.expect("n_qstr=")
    found = console.expect("\n").replace(",", "").split()
    names, text, total = int(found[0]), *(int(word.partition("=")[2]) for word in found[1:3])
    return total - text - names * NAME


def interpreter():
    """kB that the interpreter itself has in use; None where it cannot be run alone."""
    from simulator.environment import VENV

    path = Path(VENV) / "bin" / "micropython"
    code = "import gc; gc.collect(); gc.collect(); print(gc.mem_alloc())"
    try:
        run = subprocess.run([path, "-c", code], capture_output=True, timeout=PATIENCE, check=True)
        return int(run.stdout) / KB
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
