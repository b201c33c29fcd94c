"""tools/diatom backup and restore, and watch."""

import argparse
import io
import os
import signal
import subprocess
import tarfile
import time

import pytest
from harness import DIATOM, PATIENCE

from remote import schedule


def test_a_whole_board_there_and_back(remote, tmp_path):
    board = remote()
    board.shell(
        "echo mine > /etc/motd; mkdir -p /home/a/empty; printf 'x\\0y' > /home/a/b; setauth root pw pw > /dev/null"
    )
    archive = tmp_path / "board.tar.gz"
    assert board("backup", archive).status == 0
    assert archive.stat().st_mode & 0o077 == 0
    with tarfile.open(archive) as tar:
        names = tar.getnames()
        assert tar.extractfile("home/a/b").read() == b"x\0y"
        assert abs(tar.getmember("home/a/b").mtime - time.time()) < 100
    assert "boot.py" in names and "etc/shadow" in names and "home/a/empty" in names
    assert not [name for name in names if name.startswith(("proc", "dev", "tmp"))]
    board.shell("rm -r /home/a /etc/motd; echo other > /etc/profile; echo new > /home/new")
    first = board.json("restore", archive)
    assert sorted(first["written"]) == ["/etc/motd", "/etc/profile", "/home/a/b"]
    assert board.shell("cat /etc/motd; ls -1d /home/a/empty /home/new") == "mine\n/home/a/empty\n/home/new\n"
    assert board.json("restore", "--delete", archive)["removed"] == ["/home/new"]
    assert board.json("restore", archive)["written"] == []


def test_only_the_last_archives_are_kept(remote, tmp_path):
    board = remote()
    place = tmp_path / "place"
    place.mkdir()
    (place / "diatom-2026-01-01-000000.tar.gz").write_text("old")
    (place / "mine.tar.gz").write_text("mine")
    made = board.json("backup", "--into", place, "--keep", "1")
    assert made["removed"] == [str(place / "diatom-2026-01-01-000000.tar.gz")]
    assert sorted(os.listdir(place)) == [os.path.basename(made["archive"]), "mine.tar.gz"]
    assert "a number from 1 on expected" in board("backup", "--keep", "0").stderr


def test_the_line_of_a_schedule_makes_a_backup(remote, tmp_path):
    """As cron runs it: with sh, almost no environment, and % escaped."""
    board = remote()
    place = tmp_path / "50% of it"
    place.mkdir()
    options = argparse.Namespace(into=str(place), keep=2, schedule="daily")
    line = schedule.entry(board.address, options)
    times, command = line.split(" ", 5)[:5], line.split(" ", 5)[5]
    assert times[1:] == ["4", "*", "*", "*"] and 0 <= int(times[0]) < 60 and "\\%" in command
    words = ["env", "-i", "HOME=/", "PATH=/usr/bin:/bin", "sh", "-c", command.replace("\\%", "%")]
    run = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)
    assert (run.stdout, run.stderr, run.returncode) == ("", "", 0)
    (name,) = os.listdir(place)
    with tarfile.open(place / name) as tar:
        assert "boot.py" in tar.getnames()


def test_a_board_has_one_line_in_a_crontab():
    mine, other = "0 1 * * * mail", f"1 4 * * * x {schedule.mark('b')}"
    table = f"{mine}\n{other}\n"
    line = f"5 4 * * 0 y {schedule.mark('a')}"
    added = schedule.replaced(table, "a", line)
    assert added == f"{table}{line}\n"
    assert schedule.replaced(added, "a", None) == table
    assert schedule.replaced(added, "b", other) == f"{mine}\n{line}\n{other}\n"


def test_what_a_schedule_refuses(remote, tmp_path):
    board = remote()
    named = board("backup", "--schedule", "daily", tmp_path / "x.tar")
    assert named.status == 2 and "--into" in named.stderr
    secret = subprocess.run(
        [*DIATOM, "-b", "ftp://root:pw@127.0.0.1", "backup", "--schedule", "daily"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert secret.returncode == 2 and "~/.netrc" in secret.stderr


@pytest.mark.skipif(not os.environ.get("CI"), reason="it writes the crontab of whoever runs it")
def test_a_schedule_in_the_crontab(remote, tmp_path, require):
    crontab = require("crontab")
    board = remote()
    made = board.json("backup", "--schedule", "weekly", "--into", tmp_path, "--keep", "3")
    try:
        table = subprocess.run([crontab, "-l"], capture_output=True, text=True).stdout
        assert made["line"] in table.splitlines() and os.path.exists(made["archive"])
        assert board.json("backup", "--schedule", "hourly", "--into", tmp_path)["line"] != made["line"]
    finally:
        assert board.json("backup", "--schedule", "none") == {"line": None}
    assert board.address not in subprocess.run([crontab, "-l"], capture_output=True, text=True).stdout


NAMES = """
import os
os.mkdir("/home/n")
for name in ("ä€😀", "a b", "-x", "a'b\\"c", "back\\\\slash", "tab\\tx", "new\\nline", "x" * 200, "é" * 127, "y" * 255, "a -> b",
             "*?[x]", "..a", "~", "x.new~", "\\x7f\\x01"):
    with open("/home/n/" + name, "w") as file:
        file.write(name)
os.mkdir("/home/n/empty")
os.mkdir("/home/n/" + "é" * 60)
"""


def test_names_of_all_kinds(remote, tmp_path):
    """Archives may have long names, empty directories, links, and bytes that are not UTF-8."""
    board = remote()
    (tmp_path / "names.py").write_text(NAMES)
    assert board("run", tmp_path / "names.py").status == 0
    odd = "home/n/odd\udcff\udcfe"
    with tarfile.open(tmp_path / "odd.tar", "w") as tar:
        info = tarfile.TarInfo(odd)
        info.size = 3
        tar.addfile(info, io.BytesIO(b"odd"))
    assert board.json("restore", tmp_path / "odd.tar")["same"] == 0
    archives = [tmp_path / "one.tar", tmp_path / "two.tar"]
    board.json("backup", archives[0], "/home")
    board.shell("rm -r /home/n")
    assert len(board.json("restore", archives[0])["written"]) == 17
    board.json("backup", archives[1], "/home")
    one, two = [contents(path) for path in archives]
    assert one == two and len(one) == 17 + 3
    assert one[odd] == b"odd" and one["home/n/empty"] is None and one["home/n/" + "é" * 127].decode() == "é" * 127
    out = tmp_path / "out"
    assert board("cp", "-r", ":/home/n", out).status == 0
    assert (out / ("y" * 255)).read_text() == "y" * 255 and (out / "a -> b").read_text() == "a -> b"
    assert len(os.listdir(out)) == 17 + 2


def contents(path):
    with tarfile.open(path) as tar:
        return {info.name: tar.extractfile(info).read() if info.isfile() else None for info in tar}


def test_what_a_board_cannot_hold_is_named(remote, tmp_path):
    board = remote()
    source = tmp_path / "source"
    (source / "empty").mkdir(parents=True)
    (source / "file").write_text("x")
    (source / "link").symlink_to("file")
    (source / "dangling").symlink_to("none")
    (source / "loop").symlink_to(".")
    os.mkfifo(source / "pipe")
    result = board("cp", "-r", source, ":/home/")
    assert result.status == 1 and result.stderr.count("not copied") == 3
    assert board("ls", "-R", "/home/source").stdout.split() == ["empty/", "file", "link"]


def test_part_of_a_board_over_ftp(remote, tmp_path):
    board = remote()
    board.address = board.serve()
    archive = tmp_path / "etc.tar"
    result = board.json("backup", archive, "/etc/motd", "/etc/boards")
    assert "/etc/motd" in result["files"] and len(result["files"]) > 5
    whole = board("backup", archive, "/etc")
    assert whole.status == 1
    assert "/etc/shadow: the board does not give it away" in whole.stderr


@pytest.mark.parametrize("name, kind", [("../etc/motd", tarfile.REGTYPE), ("home/link", tarfile.SYMTYPE)])
def test_a_bad_archive_changes_nothing(remote, tmp_path, name, kind):
    board = remote()
    archive = tmp_path / "bad.tar"
    with tarfile.open(archive, "w") as tar:
        good = tarfile.TarInfo("home/good")
        good.size = 1
        tar.addfile(good, io.BytesIO(b"x"))
        bad = tarfile.TarInfo(name)
        bad.type = kind
        bad.linkname = "/etc/shadow"
        tar.addfile(bad)
    assert board("restore", archive).status == 1
    assert board("ls", "/home/good").status == 1


class Watcher:
    """A running `diatom watch`."""

    def __init__(self, board, *words):
        command = [*DIATOM, "-b", board.address, "watch", *map(str, words)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.text = b""

    def expect(self, wanted, timeout=PATIENCE):
        """Wait for a text."""
        begun = time.monotonic()
        while wanted not in self.text:
            assert time.monotonic() - begun < timeout, (wanted, self.text)
            self.text += self.process.stdout.read() or b""
            time.sleep(0.01)
        self.text = self.text.partition(wanted)[2]

    def end(self):
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(20)
        self.process.stdout.close()
        return status


@pytest.fixture
def watcher():
    started = []

    def watcher(*words):
        started.append(Watcher(*words))
        return started[-1]

    yield watcher
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


PROGRAM = """
import asyncio
import part
async def __main__(args):
    print("begin", part.VALUE)
    await asyncio.sleep(1000)
"""


def test_a_save_restarts_the_program(remote, watcher, tmp_path):
    board = remote()
    source = tmp_path / "src"
    source.mkdir()
    (source / "main.py").write_text(PROGRAM)
    (source / "part.py").write_text("VALUE = 'one'\n")
    watch = watcher(board, source, "board:/home/src", "--run", "cd /home/src; ./main.py")
    watch.expect(b"watching 2 files")
    watch.expect(b"begin one")
    (source / "part.py").write_text("VALUE = 'two'\n")  # of the same size, and perhaps in the same second
    watch.expect(b"begin two")
    beside = source / "main.new"
    beside.write_text(PROGRAM.replace("begin", "again"))
    beside.rename(source / "main.py")
    watch.expect(b"again two")
    assert watch.end() == 130
    assert board("ls", "/home/src").stdout == "main.py\npart.py\n"


def test_watch_the_system(remote, watcher, tmp_path):
    import shutil

    from harness import ROOT

    tree = tmp_path / "system"
    for name in ("bin", "etc", "lib"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("boot.py", "main.py"):
        shutil.copy(ROOT / name, tree / name)
    (tree / "bin" / "hello.py").write_text("def __main__(args):\n    print('before')\n")
    board = remote(image="source", tree=tree)
    watch = watcher(board, "--tree", tree, "--run", "hello")
    watch.expect(b"before")
    (tree / "bin" / "hello.py").write_text("def __main__(args):\n    print('changed')\n")
    watch.expect(b"changed")
    watch.expect(b"ended with status 0")
    watch.end()
