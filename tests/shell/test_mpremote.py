"""Serial tools against a running system: mpremote itself, and the raw REPL's protocol byte by byte.

After each command the shell's prompt is back and the jobs that ran before still run; one of them prints all the time.
"""

import os
import subprocess
import sys

import pexpect.fdpexpect
import pytest
from harness import PATIENCE, SIM

MPREMOTE = [sys.executable, "-m", "mpremote"]


class Board:
    """A simulator whose console is a serial device."""

    def __init__(self, flash):
        self.run = subprocess.Popen([*SIM, "--flash", str(flash), "--stack", "rp2", "--pty"], stdout=subprocess.PIPE)
        self.path = self.run.stdout.readline().decode().strip()
        self.line = None

    def open(self):
        self.line = pexpect.fdpexpect.fdspawn(os.open(self.path, os.O_RDWR | os.O_NOCTTY), timeout=PATIENCE)

    def close(self):
        os.close(self.line.child_fd)
        self.line = None

    def shell(self, command, wanted):
        """Type a command at the prompt and wait for what it prints."""
        self.open()
        self.line.send(command + "\r")
        self.line.expect_exact("\r\n")
        self.line.expect_exact(wanted)
        self.close()

    def mpremote(self, *words, status=0, **options):
        """Run mpremote; return its output."""
        command = [*MPREMOTE, "connect", self.path, *map(str, words)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, **options)
        assert run.returncode == status, run.stdout + run.stderr
        return run.stdout + run.stderr

    def end(self):
        if self.line:
            self.close()
        self.run.terminate()
        self.run.wait()
        self.run.stdout.close()


@pytest.fixture
def board(flash):
    """A board on which two jobs run, one of which prints all the time; they must be there at the end."""
    board = Board(flash())
    try:
        board.shell("while sleep 0.05; do echo tick; done &", "tick")
        board.shell("sleep 600 &", "[2]")
        yield board
        board.shell("echo pro''mpt", "prompt\r\n")  # it is back
        board.shell("jobs", "[1]-  Running")
        board.shell("jobs", "[2]+  Running")
        board.shell("", "tick")
    finally:
        board.end()


def test_code_that_leaves_no_variable_leaves_no_module(board):
    assert board.mpremote("exec", "import gc; del gc; print(6 * 7)") == "42\n"
    board.shell(
        "echo n=$(lsmod | grep -c -e dialect -e rawrepl -e sdata -e utls)", "n=0\r\n"
    )  # one piece between ticks
    board.mpremote("exec", "x = 7")
    board.shell("< x, sdata.__name__", "7 sdata")  # what lines of Python find is there, too


def test_files(board, tmp_path):
    source = tmp_path / "a.txt"
    source.write_bytes(bytes(range(256)) * 20)
    board.mpremote("fs", "mkdir", ":/tmp/d")
    board.mpremote("fs", "cp", source, ":/tmp/d/a.txt")
    assert "5120 a.txt" in board.mpremote("fs", "ls", "/tmp/d")
    board.mpremote("fs", "cp", ":/tmp/d/a.txt", tmp_path / "b.txt")
    assert (tmp_path / "b.txt").read_bytes() == source.read_bytes()
    board.mpremote("fs", "rm", ":/tmp/d/a.txt")
    board.mpremote("fs", "rmdir", ":/tmp/d")
    assert "/tmp/d" in board.mpremote("fs", "ls", "/tmp/d", status=1)


def test_a_tree_of_files(board, tmp_path):
    tree = tmp_path / "tree"
    (tree / "below").mkdir(parents=True)
    (tree / "one.py").write_text("print(1)\n")
    (tree / "below" / "two.py").write_text("print(2)\n")
    board.mpremote("fs", "cp", "-r", tree, ":/tmp/")
    assert "print(2)" in board.mpremote("fs", "cat", ":/tmp/tree/below/two.py")
    board.shell("echo $(cat /tmp/tree/*.py /tmp/tree/*/*.py)", "print(1) print(2)\r\n")


def test_exec_eval_and_run(board, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import os\nfor i in range(3):\n    print('line', i)\nprint(os.getcwd())\n" + "# long\n" * 1000)
    assert board.mpremote("eval", "6 * 7") == "42\n"
    assert board.mpremote("exec", "print('a\\nb')").splitlines() == ["a", "b"]
    assert board.mpremote("run", script).splitlines() == ["line 0", "line 1", "line 2", "/"]


def test_an_error_is_a_traceback(board):
    assert board.mpremote("exec", "1/0", status=1).splitlines() == [
        "Traceback (most recent call last):",
        '  File "<stdin>", line 1, in <module>',
        "ZeroDivisionError: divide by zero",
    ]
    assert "SyntaxError" in board.mpremote("exec", "def f(:", status=1)
    assert board.mpremote("exec", "import sys; sys.exit()") == ""


def test_a_soft_reset_clears_the_names_only(board):
    board.mpremote("exec", "kept = 5")
    assert board.mpremote("resume", "exec", "print(kept)") == "5\n"
    board.mpremote("soft-reset")
    assert "NameError" in board.mpremote("resume", "exec", "print(kept)", status=1)


def test_df(board):
    assert " /\n" in board.mpremote("df")


def test_mount(board, tmp_path):
    (tmp_path / "module.py").write_text("print('imported')\n")
    (tmp_path / "data.txt").write_text("from the computer")
    code = "import module; print(open('data.txt').read()); open('new.txt', 'w').write('from the board')"
    output = board.mpremote("mount", tmp_path, "exec", code)
    assert output.splitlines()[1:] == ["imported", "from the computer"]
    assert (tmp_path / "new.txt").read_text() == "from the board"


def test_edit(board, tmp_path):
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\necho changed >> "$1"\n')
    editor.chmod(0o755)
    board.mpremote("fs", "touch", ":/tmp/e.txt")
    board.mpremote("edit", ":/tmp/e.txt", env={**os.environ, "EDITOR": str(editor)})
    board.shell("cat /tmp/e.txt", "changed\r\n")


def test_code_that_never_ends_is_interrupted(board):
    run = subprocess.Popen(
        [*MPREMOTE, "connect", board.path, "exec", "import time\nprint('on')\nwhile 1: time.sleep(1)"],
        stdout=subprocess.PIPE,
    )
    try:
        assert run.stdout.readline().strip() == b"on"
    finally:
        run.kill()
        run.wait()
        run.stdout.close()
    assert board.mpremote("eval", "1") == "1\n"


def test_a_job_in_the_foreground_is_interrupted(board):
    board.open()
    board.line.send("sleep 500\r")
    board.line.expect_exact("\r\n")
    board.close()
    assert board.mpremote("eval", "1") == "1\n"


@pytest.fixture
def raw(flash):
    """The line of a board in raw REPL."""
    board = Board(flash())
    try:
        board.open()
        board.line.expect_exact("$: ")
        board.line.send("\r\x03\r\x01")
        board.line.expect_exact("raw REPL; CTRL-B to exit\r\n>")
        yield board.line
    finally:
        board.end()


def test_protocol(raw):
    raw.send("print(1)\x04")
    raw.expect_exact("OK1\r\n\x04\x04>")
    raw.send("print(never\x03print(2)\x04")
    raw.expect_exact("OK2\r\n\x04\x04>")
    raw.send("\x01")
    raw.expect_exact("raw REPL; CTRL-B to exit\r\n>")
    raw.send("\x05B\x01")
    raw.expect_exact("R\x00")
    raw.send("\x05A\x01")
    raw.expect_exact(b"R\x01\x80\x00\x01")
    raw.send("x = 3\n" + "#" * 122)
    raw.expect_exact("\x01")
    raw.send("\nprint(x)\x04")
    raw.expect_exact("\x043\r\n\x04\x04>")
    raw.send("\x04")
    raw.expect_exact("OK\r\nMPY: soft reboot\r\nraw REPL; CTRL-B to exit\r\n>")
    raw.send("print(x)\x04")
    raw.expect_exact("OK\x04Traceback")
    raw.expect_exact("NameError: name 'x' isn't defined\r\n\x04>")
    raw.send("import sys; print(sys.stdin)\x04")
    raw.expect_exact("\x04\x04>")
    raw.send("\r\x02")
    raw.expect_exact("$: ")
    raw.send("echo a\x01\x06X\r")  # in a line that is not empty Ctrl-A goes to its start
    raw.expect_exact("eXcho: not found")


def test_code_that_is_too_long_is_an_error(raw):
    raw.send("\x05A\x01")
    raw.expect_exact(b"R\x01\x80\x00\x01")
    for _ in range(1000):
        raw.send("#" * 128)
        raw.expect_exact("\x01")
    raw.send("\x04")
    raw.expect_exact("MemoryError")
    raw.send("\x02")
    raw.expect_exact("$: ")


def test_interrupt_of_code_that_sleeps(raw):
    raw.send("import time; print('on'); time.sleep(60)\x04")
    raw.expect_exact("on\r\n")
    raw.send("\x03")
    raw.expect_exact("KeyboardInterrupt")
    raw.expect_exact("\x04>")
    raw.send("\x02")
    raw.expect_exact("$: ")


def test_the_directory_of_the_shell_stays(raw):
    raw.send("\x02cd /tmp\r")
    raw.expect_exact("/tmp $: ")
    raw.send("\x01\x04")
    raw.expect_exact("soft reboot\r\nraw REPL; CTRL-B to exit\r\n>")
    raw.send("import os; print(os.getcwd())\x04")
    raw.expect_exact("OK/\r\n")
    raw.send("\x02")
    raw.expect_exact("/tmp $: ")


def test_mip_without_a_network(board, tmp_path):
    (tmp_path / "package.json").write_text('{"urls": [["pkg/__init__.py", "code.py"]], "version": "1.0"}')
    (tmp_path / "code.py").write_text("print('installed')\n")
    board.mpremote("mip", "install", "--target=/libx", "package.json", cwd=tmp_path)
    board.shell("python -c 'import pkg'", "installed\r\n")


@pytest.mark.parametrize("tool", ["ampy", "rshell"])
def test_older_tools(board, tool, tmp_path):
    pytest.importorskip(tool, reason=f"{tool} is not installed: PyPI has no wheel of it")
    source = tmp_path / "source.py"
    source.write_text("print('from', 'file')\n")
    if tool == "ampy":
        commands = [["put", source, "/home/a.py"], ["get", "/home/a.py"]]
        start = [sys.executable, "-m", "ampy.cli", "-p", board.path]
    else:
        # it takes a path below /tmp for one of the board, which has such a directory: no file comes from there
        board.shell("mkdir /home/d; echo \"print('from', 'file')\" > /home/b.py; echo done", "done\r\n")
        commands = [["cp", "/pyboard/home/b.py", "/pyboard/home/d/a.py"], ["cat", "/pyboard/home/d/a.py"]]
        start = [sys.executable, "-m", "rshell.main", "--quiet", "-p", board.path]
    for command in commands:
        run = subprocess.run([*start, *map(str, command)], capture_output=True, text=True, timeout=PATIENCE)
        assert run.returncode == 0, run.stdout + run.stderr
    assert source.read_text() in run.stdout


def test_a_tool_that_waits_for_the_prompt_of_python_finds_it(raw):
    raw.send("\x02")
    raw.expect_exact("$: ")
    raw.send("\x03\r")
    raw.expect_exact(">>> \r\x1b[K")
    raw.expect_exact("$: ")


@pytest.mark.parametrize("begin, taken", [("", ">"), ("\x05A\x01", b"R\x01\x80\x00\x01")], ids=["raw", "paste"])
def test_code_that_memory_has_no_room_for(raw, begin, taken):
    """It is an error of the code, and the tool stays connected: what it sends next must not reach the prompt."""
    raw.send("import gc; hog = []\nwhile gc.mem_free() > 24000: hog.append(bytearray(300))\n\x04")
    raw.expect_exact("OK\x04\x04>")
    raw.send(begin)
    if begin:
        raw.expect_exact(taken)
    for _ in range(400):
        raw.send("#" * 128)
        if begin:
            raw.expect_exact("\x01")
    raw.send("\x04")
    raw.expect_exact("\x04Traceback")
    raw.expect_exact("MemoryError")
    raw.expect_exact("\x04>")
    raw.send("hog = 0; print('room')\x04")
    raw.expect_exact("OKroom\r\n\x04\x04>")
