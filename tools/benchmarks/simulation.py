"""Runs of the simulator for measurements: scripts, and a console on a pseudo terminal."""

import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TOOL = [sys.executable, "-I", "-S", str(ROOT / "tools" / "sim")]
SIM = [*TOOL, "--board", "sim"]  # every device and the host's stack, whatever the default board is
BOARD = "/mnt/bench"  # where the board sees board/
SHARED = "/mnt/shared"  # where it sees the directory for what both sides exchange
FLASH_SIZE = "8M"  # a file of 1 MiB and its copy have room beside the system
PATIENCE = 60  # seconds


class BenchError(Exception):
    """A measurement failed; the text says why."""


class Simulator:
    """Boards with the probes mounted; all their files are in a directory that close() removes."""

    def __init__(self, tree=None):
        self.tree = Path(tree).resolve() if tree else ROOT  # the system's files
        self.directory = Path(tempfile.mkdtemp(prefix="diatom-bench-"))
        self.shared = self.directory / "shared"
        self.shared.mkdir()
        self._images = {}
        self.pico = {}  # of the command line: flash, record
        self.calibrations = []  # microseconds of each calibration loop that has run

    def close(self):
        """Remove the images."""
        shutil.rmtree(self.directory, ignore_errors=True)

    def bare_tree(self, main):
        """The path of a tree that holds nothing but this main.py."""
        tree = Path(tempfile.mkdtemp(prefix="bare-", dir=self.directory))
        (tree / "main.py").write_text(main)
        return tree

    def tree_with(self, prologue):
        """The path of a tree that is the system with some lines before main.py's own."""
        tree = Path(tempfile.mkdtemp(prefix="tree-", dir=self.directory))
        for part in self.tree.iterdir():
            if not part.name.startswith(".") and part.name != "main.py":
                (tree / part.name).symlink_to(part)
        (tree / "main.py").write_text(prologue + (self.tree / "main.py").read_text())
        return tree

    def words(self, image="source", tree=None, stack="host", heap=None, libraries=False, packages="", options=()):
        """The simulator's command line for a board with this image, which is made at its first use.

        libraries: with those of others that the web server needs, which only this repository's own tree has.
        packages: names of those that the board has, with commas. options: further words of the command line.
        """
        more = options
        options = ["--image", image]
        if not libraries or self.tree != ROOT:
            options += ["--tree", str(tree or self.tree)]
        if packages:
            options += ["--packages", packages]
        flash = self._images.get((image, tree, libraries, packages))
        if not flash:
            flash = self._images[image, tree, libraries, packages] = self.directory / f"{len(self._images)}.img"
            make = [*SIM, "--fresh", "--no-boot", "--flash-size", FLASH_SIZE, "--flash", str(flash), *options]
            subprocess.run(make, check=True, timeout=PATIENCE)
        options += ["--flash", str(flash), "--stack", stack, *(["--heap", heap] if heap else []), *more]
        return [*SIM, *options, "--mount", f"{HERE / 'board'}:{BOARD}", "--mount", f"{self.shared}:{SHARED}"]

    def run(self, script, timeout=PATIENCE, **board):
        """Run a script on a board: (stdout, stderr, status). Output goes to files: no reader competes for the CPU."""
        path = self.directory / "script.sh"
        path.write_text(script)
        with open(self.directory / "stdout", "w+b") as out, open(self.directory / "stderr", "w+b") as err:
            command = [*self.words(**board), str(path)]
            try:
                run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, timeout=timeout)
                status = run.returncode
            except subprocess.TimeoutExpired:
                status = None
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read().decode(errors="replace"))
        return (*texts, status)

    def measure(self, script, **board):
        """Run a script that must succeed; returns what it says on lines that begin with @, as lists of words."""
        out, err, status = self.run(script, **board)
        if status or err:
            said = (err.strip() or out.strip()).splitlines()[-1:]  # of a traceback, the error
            raise BenchError(f"the script ended with status {status}: {''.join(said)}")
        return [line[1:].split() for line in out.splitlines() if line.startswith("@")]


class Console:
    """A board with a console on a pseudo terminal."""

    def __init__(self, words):
        master, slave = pty.openpty()
        try:
            self.process = subprocess.Popen(words, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        finally:
            os.close(slave)
        self.fd = master
        self.data = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()  # the board dies with the simulator that holds its power
        self.process.wait()
        os.close(self.fd)

    def expect(self, text):
        """Wait for a text in the output; returns what came before it."""
        end = time.monotonic() + PATIENCE
        text = text.encode()
        while text not in self.data:
            more = b""
            if select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
                try:
                    more = os.read(self.fd, 65536)
                except OSError:  # the other end has gone
                    pass
            if not more:
                raise BenchError(f"the console did not show {text.decode()!r}: {self.data[-400:]!r}")
            self.data += more
        before, _, self.data = self.data.partition(text)
        return before.decode(errors="replace")

    def send(self, text):
        os.write(self.fd, text.encode())

    def cpu_ms(self):
        """Milliseconds of CPU that the board's interpreter has taken; None if the host cannot measure it."""
        pid = self.process.pid
        try:
            board = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
            threads = Path(f"/proc/{board}/task").iterdir()
            return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e6
        except (OSError, ValueError, IndexError):
            return None
