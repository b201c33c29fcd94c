"""Parts of the fixtures: the simulator as a command, its options, its results, and its console with a screen."""

import contextlib
import fcntl
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_SIM = [sys.executable, "-I", "-S", str(ROOT / "tools" / "sim")]  # the board that a user gets
# Every device, and the heap of a Pico W; a later --board changes the chip alone.
SIM = [*DEFAULT_SIM, "--board", "sim", "--heap", "320k"]
# A flash that is made, unless options say something else: compiled, as boards have the system. What a test says about
# the sources as such, it says with image="source".
NEW = ["--flash-size", "6M", "--image", "romfs"]
# A flash without ROMFS is that of a large board, the only one for which everything is promised then: the heap of a
# Pico 2 W, unless options say something else.
STOCK_IMAGES, STOCK_HEAP = ("source", "mpy", "packed"), "645k"
DIATOM = [sys.executable, "-I", "-S", str(ROOT / "tools" / "diatom")]
LFLAG = 3  # the place of the local modes in what tcgetattr gives
PROMPT = "$: "  # of the shell, for tests that wait for it
PATIENCE = 120  # seconds in which what a test waits for has come, however busy this computer is
SERVICE_PORTS = (20, 21, 22, 23, 80, 443, 1883, 5201, 8080, 8266, 9008)
PORT_STEP = 83  # the rests of those ports by it differ: what two boards listen on never meets
PORT_OFFSETS = range(10_000, 24_000, PORT_STEP)  # above this, the host assigns ports to clients
SHOWN_MAX = 3000  # characters of each output that a failed test shows


@dataclass
class Result:
    """The result of one run of the simulator."""

    stdout: str
    stderr: str
    status: int

    @property
    def writes(self):
        """The count that --count-writes printed."""
        lines = [line for line in self.stderr.splitlines() if line.startswith("writes: ")]
        assert lines, "no count of writes: " + self.stderr
        return int(lines[-1].split()[1])


def run(command, stdin=b"", timeout=PATIENCE, **options):
    """Run a command of this computer to its end; pytest shows its output if the test fails."""
    stdin = stdin.encode() if isinstance(stdin, str) else stdin
    started = time.monotonic()
    try:
        ended = subprocess.run(command, input=stdin, capture_output=True, timeout=timeout, **options)
        output, errors, status = ended.stdout, ended.stderr, ended.returncode
    except subprocess.TimeoutExpired as e:
        output, errors, status = e.stdout or b"", e.stderr or b"", None
    result = Result(output.decode(errors="replace"), errors.decode(errors="replace"), status)
    print(f"$ {' '.join(command[-3:])[-500:]}\n{result.stdout[-SHOWN_MAX:]}")
    print(f"[{status}, {time.monotonic() - started:.1f} s] {result.stderr[-SHOWN_MAX:]}")
    if status is None:
        pytest.fail(f"no end within {timeout} s", pytrace=False)
    return result


def wait_until(true, what="what is waited for"):
    """Wait until a function returns a true value; return that."""
    end = time.monotonic() + PATIENCE
    while not (found := true()):
        assert time.monotonic() < end, f"{what}: in vain"
        time.sleep(0.01)
    return found


@contextlib.contextmanager
def free_ports():
    """A --port-offset for which the usual services' ports are free, and which no other test on this host uses meanwhile."""
    while True:
        offset = random.SystemRandom().choice(PORT_OFFSETS)
        with open(Path(tempfile.gettempdir()) / f"diatom-ports-{offset}.lock", "a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for port in SERVICE_PORTS:
                    with socket.socket() as probe:
                        probe.bind(("127.0.0.1", port + offset))
            except OSError:
                continue
            yield offset
            return


def option_words(options):
    """Keyword arguments as options: count_writes=True is --count-writes; env={} and a list of mounts are repeated."""
    words = []
    if options.get("image") in STOCK_IMAGES and not options.keys() & {"heap", "board"}:
        options = {**options, "heap": STOCK_HEAP}
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if isinstance(value, dict):
            value = [f"{key}={text}" for key, text in value.items()]
        if value is True:
            words.append(option)
        elif isinstance(value, (list, tuple)):
            for entry in value:
                words += [option, str(entry)]
        elif value is not None and value is not False:
            words += [option, str(value)]
    return words


def copy_flash(source, target):
    """Copy a flash, and what says which system it was made with; returns the copy's path."""
    shutil.copyfile(source, target)
    shutil.copyfile(f"{source}.image", f"{target}.image")
    return target


def image_options(options):
    """The options that select another image."""
    return {
        name: value for name, value in options.items() if name in ("image", "flash_size", "tree", "board", "packages")
    }


class Console:
    """An interactive simulator with a screen. It starts at the first use; call it before that to pass options."""

    COLUMNS, LINES = 80, 24
    SIM = SIM

    def __init__(self, flash):
        self._flash = flash
        self._child = None
        self._stream = None
        self.screen = None  # a pyte.Screen: what a person would see

    def __call__(self, *, flash=None, stack="rp2", timeout=PATIENCE, **options):
        import pexpect
        import pyte

        assert self._child is None, "this console is running"
        self.screen = pyte.Screen(self.COLUMNS, self.LINES)
        self._stream = pyte.ByteStream(self.screen)
        flash = flash or self._flash(**image_options(options))
        words = [*self.SIM[1:], "--flash", str(flash), "--stack", stack, *option_words(options)]
        size = (self.LINES, self.COLUMNS)
        self._child = pexpect.spawn(self.SIM[0], words, dimensions=size, timeout=timeout)
        self._child.delaybeforesend = None
        self._child.logfile_read = self
        # What is typed before the terminal is raw is echoed, and its line ends change: nobody types that early.
        while self._child.isalive() and termios.tcgetattr(self._child.child_fd)[LFLAG] & termios.ICANON:
            time.sleep(0.001)
        return self

    def write(self, data):
        """pexpect logs its input here; feed it to the screen."""
        self._stream.feed(data)

    def flush(self):
        """For pexpect."""

    @property
    def child(self):
        """The pexpect object, started if necessary."""
        if self._child is None:
            self()
        return self._child

    def expect(self, text, timeout=-1):
        """Wait for a text (not a pattern); return the output before it."""
        self.child.expect_exact(text, timeout=timeout)
        return self.child.before.decode(errors="replace")

    def send(self, text):
        """Type."""
        self.child.send(text)

    def display(self):
        """The lines of the screen after reading all output, without trailing blanks."""
        import pexpect

        try:
            while True:
                self.child.read_nonblocking(4096, timeout=0.1)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return [line.rstrip() for line in self.screen.display]

    def shows(self, *texts):
        """Wait until all texts are on the screen; return its lines."""

        def rows():
            rows = self.display()
            return rows if all(any(text in row for row in rows) for text in texts) else None

        return wait_until(rows, texts)

    def wait(self):
        """Wait for the end of the simulator; return its exit status."""
        import pexpect

        self.child.expect_exact(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus if self.child.exitstatus is not None else 128 + self.child.signalstatus

    def close(self):
        """Power off."""
        if self._child is not None:
            import pexpect

            try:
                self._child.read_nonblocking(4096, timeout=0)
            except (pexpect.TIMEOUT, pexpect.EOF, ValueError):  # it is closed already
                pass
            print("\n".join(["--- the screen at the end:", *self.screen.display]).rstrip())
            if self._child.isalive():
                self._child.kill(signal.SIGHUP)
                end = time.monotonic() + 1
                while self._child.isalive() and time.monotonic() < end:
                    time.sleep(0.002)
                self._child.ptyproc.delayafterclose = 0
            try:
                self._child.close(force=True)
            except pexpect.ExceptionPexpect:  # a busy host takes longer than it waits for
                self._child.wait()
            self._child = None
