"""The cost of an update over HTTP on loopback: bytes, seconds and heap, for one file and for all."""

import argparse
import re
import shutil
import subprocess
import threading
import time

from benchmarks.groups.memory import LEAST, MOST, STEP
from benchmarks.simulation import PATIENCE, BenchError
from benchmarks.table import Row
from release import make, serve

KINDS = ("source", "mpy")
SIZE = re.compile(r"([\d.]+)([KM]?) to download, of \d+ files")
HEAP = "1M"  # where time counts


class Output:
    """An output of tools/diatom that nobody reads."""

    def say(self, text=""):
        """Nothing."""

    remark = warn = result = say


class Board:
    """A board of this kind of files, which is new for each run; a server has the release."""

    said = ""  # the output of the last run

    def __init__(self, simulator, kind, url):
        self.words = simulator.words(image=kind, tree=simulator.tree)  # a flash without what other groups leave there
        self.at = self.words.index("--flash") + 1
        self.pristine = self.words[self.at]
        self.words[self.at] = str(simulator.directory / f"update-{kind}.img")
        self.url = url

    def run(self, command, heap):
        """Seconds that a new board takes from power on to the end of the command; None where that fails."""
        for end in ("", ".image"):
            shutil.copyfile(self.pristine + end if end else self.pristine, self.words[self.at] + end)
        words = [*self.words, "--heap", heap, "-c", command]
        begun = time.monotonic()
        try:
            run = subprocess.run(words, capture_output=True, timeout=2 * PATIENCE)
        except subprocess.TimeoutExpired:
            return None
        self.said = run.stdout.decode() + run.stderr.decode(errors="replace")
        return time.monotonic() - begun if run.returncode == 0 else None

    def seconds(self, command, rounds):
        """The same above a boot: the least of some rounds."""
        taken = [self.run(command, HEAP) for _ in range(rounds)]
        if None in taken:
            raise BenchError(command + " failed: " + self.said[-300:])
        return max(min(taken) - min(self.run(":", HEAP) for _ in range(rounds)), 0)

    def heap(self, command, step):
        """The least heap in kB with which it works, above that of an idle shell."""
        return self.least(command, step) - self.least("true", step)

    def least(self, command, step):
        low, high = LEAST, MOST
        while high - low > step:
            middle = (low + high) // (2 * step) * step
            if self.run(command, f"{middle}k") is not None:
                high = middle
            else:
                low = middle
        return high


def measure(simulator, quick):
    rounds = 1 if quick else 3
    for kind in KINDS[:1] if quick else KINDS:
        tree = changed(simulator, kind)
        directory = simulator.directory / ("release-" + kind)
        parser = argparse.ArgumentParser()
        make.arguments(parser, "release")
        words = [str(directory), "--tree", str(tree), "--kind", kind, "--no-romfs", "--unsigned"]
        make.run(parser.parse_args(words), Output())
        server = serve.server(str(directory), "127.0.0.1")
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            board = Board(simulator, kind, "http://127.0.0.1:%d/" % server.server_address[1])
            for name, option in (("one file", ""), ("all files", "o")):
                command = f"upgrade -f{option} --unsigned {board.url}"
                if board.run(command, HEAP) is None:
                    raise BenchError(command + " failed: " + board.said[-300:])
                size = got(board.said) + (directory / f"manifest-{kind}.json").stat().st_size / 1024
                yield Row(f"{name}, {kind}: to get", size, "kB", note="with the manifest")
                yield Row(f"{name}, {kind}: time", board.seconds(command, rounds), "s", note="without the restart")
            need = board.heap(f"upgrade -f --unsigned {board.url}", STEP * 8 if quick else STEP * 2)
            yield Row(f"one file, {kind}: heap", need, "kB", note="least heap, more than true; 1.45 times a board's")
        finally:
            server.shutdown()
            server.server_close()


def got(text):
    """The kB that an upgrade says it gets."""
    found = SIZE.search(text)
    if not found:
        raise BenchError("upgrade says nothing of files to get: " + text)
    return float(found[1]) * {"": 1 / 1024, "K": 1, "M": 1024}[found[2]]


def changed(simulator, kind):
    """The path of the system with one program that is another one."""
    tree = simulator.directory / ("tree-" + kind)
    shutil.copytree(simulator.tree, tree, ignore=shutil.ignore_patterns(".*", "__pycache__", "tests", "tools", "docs"))
    with open(tree / "bin" / "ls.py", "a") as file:
        file.write("CHANGED = 1\n")
    return tree
