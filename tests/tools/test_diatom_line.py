"""tools/diatom on faulty serial lines: one error message each, and nothing half done."""

import os
import pty
import re
import signal
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness import DIATOM, PATIENCE, wait_until

from remote import bundle
from remote.errors import RemoteError


def diatom(*words, timeout=PATIENCE):
    run = subprocess.run(
        [*DIATOM, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout
    )
    assert "Traceback" not in run.stderr
    return run


@pytest.fixture
def line():
    """Callable: the path of a pseudo terminal, at whose other end a function answers."""
    opened = []

    def line(answer):
        master, slave = pty.openpty()
        os.set_blocking(master, True)
        opened.extend((master, slave))

        def serve():
            while True:
                try:
                    data = os.read(master, 1024)
                    if reply := answer(data):
                        os.write(master, reply)
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        return os.ttyname(slave)

    yield line
    for fd in opened:
        os.close(fd)


def test_the_cable_is_pulled_in_the_middle(remote, small_tree):
    """The simulator, and with it its end of the line, dies while files are sent; the next deployment goes on."""
    board = remote(image="source", tree=small_tree)
    deploy = ("deploy", "--as", "mpy", "--tree", small_tree)
    whole = len(board.json(*deploy, "-n")["written"])
    command = [*DIATOM, "-b", board.address, *map(str, deploy)]
    tool = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    board.wait_for_writes(tool)
    board.process.kill()
    _, errors = tool.communicate(timeout=PATIENCE)
    board.process.wait(10)
    assert tool.returncode == 1
    assert "the board has gone" in errors and "Traceback" not in errors and errors.count("\n") == 1
    again = remote(flash_of=board, image="source", tree=small_tree)
    again.wait_for_prompt()
    rest = again.json(*deploy)
    assert 0 < len(rest["written"]) < whole
    again.wait_for_prompt()
    assert again.json(*deploy)["written"] == []


OTHERS = {
    "silence": lambda data: b"",
    "an echo": lambda data: data,
    "another system": lambda data: b"AT+OK\r\nlogin: ",
    "noise": lambda data: os.urandom(64),
}


def test_no_micropython_at_the_other_end(line):
    with ThreadPoolExecutor() as pool:  # at once, since the tool tries for ten seconds
        runs = pool.map(lambda answer: diatom("-b", line(answer), "ls"), OTHERS.values())
    for name, run in zip(OTHERS, runs, strict=True):
        assert run.returncode == 1, name
        assert "no raw REPL answers" in run.stderr and run.stderr.count("\n") == 1, name


BUSY = """
import os, time

def __main__(args):
    open("/mnt/t/began", "w").close()
    while "enough" not in os.listdir("/mnt/t"):
        try:
            time.sleep_ms(50)
        except KeyboardInterrupt:
            pass
"""


def test_a_program_that_keeps_the_console(remote, tmp_path):
    """The program takes every key, Ctrl-C included: the tool says so, and works once the program has ended."""
    shared = tmp_path / "shared"
    shared.mkdir()
    board = remote(mount=f"{shared}:/mnt/t")
    (tmp_path / "busy.py").write_text(BUSY)
    board("cp", tmp_path / "busy.py", "board:/tmp/")
    with open(board.path, "wb", buffering=0) as console:
        console.write(b"/tmp/busy.py\r")
        wait_until(lambda: (shared / "began").exists())
    result = board("ls")
    assert result.status == 1
    assert "does a program keep the console" in result.stderr
    (shared / "enough").touch()
    board.wait_for_prompt()


def test_a_flash_that_fills_up(remote, tmp_path):
    board = remote(image="romfs", flash_size="1M")
    (tmp_path / "large").write_bytes(os.urandom(900_000))
    result = board("cp", tmp_path / "large", "board:/home/large")
    assert result.status == 1
    assert re.fullmatch(
        r"diatom: /home/large: No space left on device \(900 kB needed, [45]\d\d kB free\)\n", result.stderr
    )
    assert board("ls", "/home").stdout == ""
    assert board.json("info")["free_flash"] > 450_000


def test_another_version_of_micropython():
    """A firmware with another .mpy version is detected by its own description."""
    assert bundle.mpy_kind(0x0105) == ("5.1", None)
    with pytest.raises(RemoteError, match="version 5.1, the compiler writes 6: take newer firmware, or --as source"):
        bundle.check_mpy({"mpy": 0x0105})
    bundle.check_mpy({"mpy": 0x2806})
    bundle.check_mpy({})  # a way that does not tell


def test_interrupted_by_its_user(remote, small_tree):
    """Ctrl-C in the middle of a deployment: status 130, no traceback, and the board answers the next command."""
    board = remote(image="source", tree=small_tree)
    command = [*DIATOM, "-b", board.address, "deploy", "--as", "mpy", "--tree", str(small_tree)]
    tool = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    board.wait_for_writes(tool, 2)
    tool.send_signal(signal.SIGINT)
    _, errors = tool.communicate(timeout=PATIENCE)
    assert (tool.returncode, "Traceback" in errors) == (130, False), errors
    assert board("run", "-c", "echo here").stdout == "here\n"
