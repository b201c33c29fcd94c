"""A tree with a minimal system: its main.py runs the commands as Python, and its console reads Python lines."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from firmware_files import firmware
from harness import DIATOM, PATIENCE, ROOT, SIM, copy_flash, image_options, option_words, run
from plain_board import CONSOLE

from images import littlefs, uf2
from remote import firmware as files

AREA = 1088 << 10  # bytes for a ROMFS image

MAIN = (
    CONSOLE
    + """
import gc
import os

import power

def read_all():
    data = b""
    while True:
        more = read(256)
        if not more:
            return data
        data += more


names = {"os": os, "sys": sys, "power": power, "gc": gc, "argv": sys.argv[1:], "read": read, "write": write, "read_all": read_all}
if "-c" in sys.argv:
    exec(sys.argv[sys.argv.index("-c") + 1], names)
elif "-f" in sys.argv:
    exec(open(sys.argv[sys.argv.index("-f") + 1]).read(), names)
else:
    sys.stdout.write("ready %s\\r\\n" % power.cause)
    while True:
        line = b""
        while not line.endswith(b"\\r"):
            line += read(1)
            if line == b"\\x04":
                sys.exit(0)
        try:
            exec(line.decode(), names)
        except KeyboardInterrupt:
            sys.stdout.write("interrupted\\r\\n")
"""
)


@pytest.fixture
def tree(tmp_path):
    """The directory of that tree."""
    tree = tmp_path / "tree"
    for part in ("bin", "etc", "lib"):
        (tree / part).mkdir(parents=True)
    (tree / "main.py").write_text(MAIN)
    (tree / "lib" / "greeting.py").write_text("text = 'hello'\n")
    (tree / "etc" / "motd").write_text("first\n")
    return tree


@pytest.fixture
def bare(tree, tmp_path):
    """Callable: run Python on a board with that tree."""

    def bare(code, *words, stdin=b"", **options):
        command = [*SIM, "--tree", str(tree), "--flash", str(tmp_path / "bare.img"), *option_words(options), *words]
        if code is not None:
            command += ["-c", code]
        return run(command, stdin)

    return bare


class Remote:
    """A simulated board behind a pseudo terminal; calling it runs tools/diatom for it."""

    def __init__(self, path, process, offset):
        self.path = path
        self.process = process
        self.offset = offset
        self.address = "pty:" + path

    def __call__(self, *words, stdin="", address=None, timeout=PATIENCE, env=None):
        command = [*DIATOM, "-b", address or self.address, *map(str, words)]
        environment = {**os.environ, **(env or {})}
        return run(command, stdin, timeout, env=environment)

    def json(self, *words, **options):
        """The result as data; the verb must succeed."""
        result = self(words[0], "--json", *words[1:], **options)
        assert result.status == 0, result.stdout + result.stderr
        return json.loads(result.stdout)

    def shell(self, commands):
        """The output of shell commands on the board, which must succeed."""
        result = self("run", "-c", commands)
        assert result.status == 0, result.stdout + result.stderr
        return result.stdout

    def serve(self, user="root", password="geheim"):
        """Start FTP and telnet; returns the address for FTP."""
        self.shell(
            "echo '{\"login_ms\": 20}' > /etc/system.conf; loadconfig > /dev/null; "
            f"setauth {user} {password} {password} > /dev/null && uftpd start && utelnetd start"
        )
        return f"ftp://{user}:{password}@127.0.0.1:{21 + self.offset}"

    def serve_http(self, password="geheim"):
        """Start the web server; returns its address."""
        self.shell(
            "echo '{\"login_ms\": 20}' > /etc/system.conf; loadconfig > /dev/null; "
            f"setauth root {password} {password} > /dev/null && uhttpd start"
        )
        return f"http://root:{password}@127.0.0.1:{80 + self.offset}"

    def wait_for_prompt(self, timeout=PATIENCE):
        """The board has restarted and its shell answers."""
        end = time.monotonic() + timeout
        while self("run", "-c", "uname").stdout != "Diatom\n":
            assert time.monotonic() < end, "no prompt"

    def wait_for_writes(self, tool, count=200):
        """The number of writes that a tool has caused on the board."""
        seen, before = 0, None
        end = time.monotonic() + PATIENCE
        while seen < count:
            assert time.monotonic() < end and tool.poll() is None, f"{seen} writes"
            now = self.flash.stat().st_mtime_ns
            seen += now != before
            before = now
            time.sleep(0.002)

    def power_off(self):
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def remote(pristine, tmp_path, port_offset):
    """Callable: a Remote, with options of the simulator. flash_of is a board that has ended, whose flash is reused."""
    started = []

    def remote(flash_of=None, rom=None, **options):
        """rom: the content of a ROMFS area, which the board's firmware then has."""
        options = {"image": "romfs", **options}
        flash = flash_of.flash if flash_of else tmp_path / f"board{len(started)}.img"
        if not flash_of:
            copy_flash(pristine(**image_options(options)), flash)
        if rom is not None:
            Path(f"{flash}.rom").write_bytes(rom + b"\xff" * (AREA - len(rom)))
        words = ["--flash", str(flash), "--pty", "--port-offset", str(port_offset), *option_words(options)]
        process = subprocess.Popen([*SIM, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        board = Remote(process.stdout.readline().strip(), process, port_offset)
        board.flash = flash
        started.append(board)
        return board

    yield remote
    for board in started:
        board.process.terminate()
        board.process.wait(10)
        board.process.stdout.close()


@pytest.fixture
def lines(bare, tree):
    """Callable: the lines that a program on the board prints."""

    def lines(code, board=None, **options):
        if board:
            boards = tree / "etc" / "boards"
            boards.mkdir(exist_ok=True)
            (boards / f"{board}.board").write_text("{}")
        result = bare(code, board=board, **options)
        assert (result.stderr, result.status) == ("", 0)
        return result.stdout.splitlines()

    return lines


@pytest.fixture
def small_tree(tmp_path):
    """A copy of the system that a test may change."""
    tree = tmp_path / "system"
    tree.mkdir()
    for name in ("bin", "etc", "lib", "boot.py", "startup.py", "main.py", "recovery.py", "rescue.py", "spare.py"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, tree / name)
    return tree


@pytest.fixture
def diatom(tmp_path, monkeypatch):
    """Callable: tools/diatom without a board, in a directory of its own."""
    monkeypatch.delenv("DIATOM_PASSWORD", raising=False)

    def diatom(*words, stdin="", **options):
        return run([*DIATOM, *map(str, words)], stdin, cwd=tmp_path, **options)

    return diatom


@pytest.fixture
def made(diatom, tmp_path):
    """Callable: (the path of an image for a board, the bytes of its file system)."""

    def made(board, *words, base=None, **options):
        base = base or firmware(board)
        path = tmp_path / ("image" + base.suffix)
        name = [] if board in ("esp32-s2", "esp32-c5") else [board]  # chips that the lock file has not
        result = diatom("flash", *name, "--firmware", base, "--image", path, *words, **options)
        assert result.status == 0, result.stderr
        return path, files_of(path)

    return made


def files_of(path):
    """The bytes of the file system in an image, as the chip would see them."""
    found = files.inspect(str(path))
    address, size = found.files
    if found.offset is None:
        begin, data = uf2.read(path, path.read_bytes()).flat()
    else:
        begin, data = found.offset, path.read_bytes()
    data = data[address - begin :][:size]
    return data.ljust(littlefs.stated_size(data), b"\xff")
