"""tools/diatom console in tmux: a terminal with a size, keys, pastes, and a board that is unplugged."""

import hashlib
import os
import subprocess
import time

import pytest
from harness import DIATOM, PATIENCE

TEXT = b"".join(b"line %04d %s\n" % (i, b"abcdefghij" * 4) for i in range(200))  # 10 kB


@pytest.fixture
def tmux(require, tmp_path):
    """Callable: start a command in a window. Afterwards tmux(WORD...) runs a tmux command and returns its output."""
    name = [require("tmux"), "-S", str(tmp_path / "tmux"), "-f", "/dev/null"]

    def tmux(*words, stdin=None):
        run = subprocess.run([*name, *words], input=stdin, capture_output=True, timeout=PATIENCE)
        assert run.returncode == 0, run.stderr
        return run.stdout.decode(errors="replace")

    yield tmux
    subprocess.run([*name, "kill-server"], capture_output=True)


class Window:
    """The terminal: its content, and typing."""

    def __init__(self, tmux, command):
        self.tmux = tmux
        tmux("new-session", "-d", "-x", "100", "-y", "30", command + "; echo left with $?; sleep 100")

    def keys(self, *keys):
        self.tmux("send-keys", *keys)

    def wait(self, text, timeout=PATIENCE):
        """Wait until a line ends with the text."""
        end = time.monotonic() + timeout
        while not any(line.rstrip().endswith(text) for line in self.lines()):
            assert time.monotonic() < end, (text, self.lines())
            time.sleep(0.05)

    def lines(self):
        return self.tmux("capture-pane", "-p", "-J").splitlines()


@pytest.mark.slow
def test_a_console_in_a_terminal(remote, tmux, tmp_path):
    board = remote(heap="500k")
    port = tmp_path / "port"  # as udev gives a board the same name again
    port.symlink_to(board.path)
    window = Window(tmux, " ".join([*DIATOM, "-b", str(port), "console"]))
    window.wait("$:")
    window.keys("resize", "Enter")
    window.wait("100 columns, 30 rows")
    tmux("resize-window", "-x", "70", "-y", "20")
    window.keys("clear; resize", "Enter")
    window.wait("70 columns, 20 rows")
    window.keys("echo begun; sleep 1000", "Enter")
    window.wait("begun")
    window.keys("C-c")
    window.wait("^C")
    window.keys("echo status $?", "Enter")
    window.wait("status 130")

    tmux("load-buffer", "-", stdin=TEXT)
    window.keys("clear; echo go; cat > /tmp/pasted", "Enter")
    window.wait("go")
    tmux("paste-buffer", "-p")
    window.wait("line 0199 " + "abcdefghij" * 4)
    window.keys("C-d")
    window.keys("clear; sha256sum < /tmp/pasted", "Enter")
    window.wait(hashlib.sha256(TEXT).hexdigest() + "  -")

    board.power_off()
    window.wait("waiting for the board, Ctrl-] leaves]")
    other = remote(flash_of=board, heap="500k")
    os.replace(link(tmp_path / "next", other.path), port)
    window.keys("Enter")
    window.wait("$:")
    window.keys("clear; echo here again", "Enter")
    window.wait("here again")
    assert sum("waiting for" in line for line in window.lines()) <= 1
    window.keys("C-]")
    window.wait("left with 0")


def link(path, target):
    path.symlink_to(target)
    return path


@pytest.mark.parametrize("words, reason", [((), "No such file or directory"), (("--json",), "no JSON")])
def test_a_port_that_was_never_there(tmp_path, words, reason):
    run = subprocess.run(
        [*DIATOM, "-b", str(tmp_path / "none"), "console", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert run.returncode and reason in run.stderr, run.stderr
