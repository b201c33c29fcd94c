"""`diatom deploy` of the whole tree onto an empty flash, in each form; then of one changed file.

The serial line is a pseudo terminal without a speed of its own. How many bytes go over it tells what a real one takes.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time

from benchmarks.simulation import PATIENCE, ROOT, SIM, BenchError
from benchmarks.table import Row

KINDS = ("source", "mpy", "packed", "romfs")
WATCH_LIMIT = 2  # seconds
SAVES = 7
TRIES = 5  # until a board that restarts answers
DIATOM = [sys.executable, "-I", "-S", str(ROOT / "tools" / "diatom")]
BAUD = 115200  # with ten bits for a byte
KB = 1024
AREA = 1 << 20  # bytes
PARTS = ("bin", "etc", "lib", "opt", "www")


def measure(simulator, quick):
    """Rows for each kind."""
    tree = simulator.directory / "deploy-tree"
    tree.mkdir()
    for name in os.listdir(simulator.tree):
        source = simulator.tree / name
        if name in PARTS:
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif name.endswith(".py"):
            shutil.copy(source, tree / name)
    for kind in KINDS:
        yield from rows(simulator, tree, kind)


def rows(simulator, tree, kind):
    starter = simulator.tree_with("")
    for part in ("etc", "opt", "www", "libx"):  # an image of ROMFS kind has lib and bin elsewhere: the flash is empty
        if (starter / part).is_symlink():
            (starter / part).unlink()
    flash = simulator.directory / f"deploy-{kind}.img"
    words = ["--tree", str(starter), "--image", "romfs", "--flash", str(flash), "--flash-size", "8M"]
    words += ["--heap", "400k"]
    if kind == "romfs":  # its firmware has an area, with the system in it
        from remote.bundle import rom_image

        image = rom_image(str(starter))
        flash.with_name(flash.name + ".rom").write_bytes(image + b"\xff" * (AREA - len(image)))
    board = [*SIM, *words, "--pty", "--quiet-boot"]
    with subprocess.Popen([*board, "--fresh"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            pty = process.stdout.readline().strip()
            first, seconds = deploy(pty, tree, kind)
            total, free = space(pty)
            with open(tree / "bin" / "ls.py", "a") as file:
                file.write("# changed\n")
            second, again = deploy(pty, tree, kind)
            saved = None if kind == "romfs" else watched(pty, tree)
        finally:
            process.terminate()
            process.wait(PATIENCE)
    note = f"{len(first['written'])} files, {first['bytes'] / KB:.0f} kB"
    yield Row(f"{kind}: whole tree", seconds, "s", note=note)
    carried = first["carried"]
    yield Row(f"{kind}: bytes over the line", carried / KB, "kB", note=f"{carried * 10 / BAUD:.0f} s at {BAUD} baud")
    yield Row(
        f"{kind}: flash used", (total - free) / KB, "kB", note="without the ROMFS image" if kind == "romfs" else ""
    )
    if kind == "romfs":
        from remote.bundle import rom_image

        yield Row("romfs: image", len(rom_image(str(tree))) / KB, "kB")
    yield Row(f"{kind}: one file changed", again, "s", note=f"{second['carried'] / KB:.0f} kB over the line")
    if saved is not None:
        yield Row(
            f"{kind}: from a save to the run", saved, "s", limit=WATCH_LIMIT, note="diatom watch of the whole tree"
        )


def deploy(pty, tree, kind):
    """(what --json says, seconds) of a deployment."""
    begun = time.monotonic()
    found = diatom(pty, "deploy", "--as", kind, "--tree", str(tree), *([] if kind == "romfs" else ["--no-reset"]))
    seconds = time.monotonic() - begun
    for _ in range(TRIES):  # a ROMFS image is mounted at the restart that follows
        try:
            diatom(pty, "info")
            break
        except BenchError:
            continue
    return found, seconds


def watched(pty, tree):
    """Seconds from a program's save to its first word, by `diatom watch`: the median of some."""
    program = tree / "bin" / "watched.py"
    words = ["watch", "--tree", str(tree), "--run", "watched"]
    taken = []
    write(program, -1)
    with subprocess.Popen(
        [*DIATOM, "-b", "pty:" + pty, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        limit = threading.Timer(2 * PATIENCE, process.terminate)
        limit.start()
        try:
            begun = False
            for number in range(SAVES):
                while not begun:
                    line = process.stderr.readline()
                    if not line:
                        raise BenchError("diatom watch ended")
                    begun = line.startswith(b"watching")
                write(program, number)
                saved = time.monotonic()
                while (line := process.stdout.readline().strip()) != b"run %d" % number:
                    if not line:
                        raise BenchError("diatom watch does not run what is saved")
                taken.append(time.monotonic() - saved)
        finally:
            limit.cancel()
            process.terminate()
            process.communicate(timeout=PATIENCE)
            program.unlink()
    return sorted(taken)[SAVES // 2]


def write(program, number):
    program.write_text(f"def __main__(args):\n    print('run', {number})\n" + "# another line of it\n" * 150)


def space(pty):
    found = diatom(pty, "info")
    return found["flash"], found["free_flash"]


def diatom(pty, *words):
    command = [*DIATOM, "-b", "pty:" + pty, words[0], "--json", *words[1:]]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10 * PATIENCE)
    if run.returncode:
        raise BenchError(f"{' '.join(words[:3])}: {run.stderr.strip()}")
    return json.loads(run.stdout)
