"""tools/diatom with impossible requests: an error message, a status, and with --json a document with the same message."""

import gzip
import importlib
import io
import json
import os
import subprocess
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from harness import DIATOM, PATIENCE

from remote import address, backup, main, scan, verbs
from remote.errors import RemoteError
from remote.http_board import HttpBoard

# Words for each verb, so that only the board is missing.
WORDS = {
    "cat": [":/x"],
    "install": ["ssd1306"],
    "cp": ["FILE", ":/home/"],
    "rm": [":/x"],
    "mkdir": [":/x"],
    "edit": [":/x"],
    "run": ["FILE"],
    "watch": ["FILE", ":/home/x"],
    "backup": ["OUT"],
    "restore": ["FILE"],
    "mount": ["EMPTY"],
    "flash": ["nosuch"],
    "release": ["OUT"],
    "keygen": ["FILE"],
    "sign": ["FILE"],
    "serve": ["FILE"],
    "update": ["127.0.0.1:1"],
    "sim": ["stop", "--flash", "OUT"],
}


def diatom(*words):
    environment = {name: value for name, value in os.environ.items() if name != "DIATOM_RELEASE_KEY"}
    return subprocess.run(
        [*DIATOM, *map(str, words)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**environment, "DIATOM_PASSWORD": "x"},
    )


@pytest.mark.parametrize("board", ["/dev/none", "/etc/passwd", "ftp://127.0.0.1:1", "http://127.0.0.1:1", "foo://x"])
@pytest.mark.parametrize("verb", [verb for verb, _, _ in verbs.TABLE if verb not in ("scan", "freeze")])
def test_a_board_that_is_none(tmp_path, verb, board):
    if verb in verbs.BOARDLESS and board != "/dev/none":
        return
    file, empty = tmp_path / "file", tmp_path / "empty"
    file.write_text("x")
    empty.mkdir()
    places = {"FILE": file, "OUT": tmp_path / "out", "EMPTY": empty}
    run = diatom("-b", board, verb, "--json", *[places.get(word, word) for word in WORDS.get(verb, [])])
    assert run.returncode in (1, 2) and "Traceback" not in run.stderr, run.stderr
    found = json.loads(run.stdout)
    if verb == "update":  # a table of boards
        assert "refused" in found[0]["reason"]
        return
    assert run.stderr == "diatom: %s\n" % found["error"]
    if verb not in (*verbs.BOARDLESS, "console", "mount") and board in ("/dev/none", "/etc/passwd"):
        reason = "No such file or directory" if board == "/dev/none" else "no serial port"
        assert reason in found["error"]


@pytest.mark.parametrize("host", ["192.168.1.20", "board.local", "127.0.0.1:8080"])
def test_a_host_alone_is_told_its_forms(host):
    with pytest.raises(RemoteError, match=f"no such port; a board in the network is http://{host} or ftp://{host}"):
        address.open_board(host)


@pytest.mark.parametrize("words", [("info", "more"), ("cp", "a"), ("ls", "--none"), ("frob",), ("deploy", "--as", "x")])
def test_a_wrong_command_line(words):
    run = diatom(words[0], "--json", *words[1:])
    assert run.returncode == 2
    assert json.loads(run.stdout)["error"] in run.stderr
    assert diatom(*words).stdout == ""


def test_a_port_that_another_program_uses(remote):
    board = remote()
    holder = subprocess.Popen([*DIATOM, "-b", board.address, "console"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        while b"$: " not in (said := os.read(holder.stdout.fileno(), 4096)):
            assert said
        run = diatom("-b", board.address, "info", "--json")
        assert run.returncode == 1 and "another program uses this port" in json.loads(run.stdout)["error"]
    finally:
        holder.stdin.close()
        holder.wait(20)
        holder.stdout.close()


def test_some_operands_are_wrong(remote):
    board = remote()
    found = json.loads(board("cat", "--json", "/none", "/etc/profile").stdout)
    assert found["/none"] == {"error": "No such file or directory"} and isinstance(found["/etc/profile"], str)
    found = json.loads(board("rm", "--json", "/none", "/etc/motd").stdout)
    assert found == {"removed": ["/etc/motd"], "errors": {"/none": {"error": "No such file or directory"}}}
    found = board("run", "--json", "-c", "echo out; nosuchprogram")
    assert found.status == 127
    assert json.loads(found.stdout)["output"].startswith("out\n")


def test_a_flash_that_is_full(remote, tmp_path):
    """Existing files are unchanged, nothing of the new is left, and the board still works."""
    board = remote(flash_size="512K")
    big, small = tmp_path / "big", tmp_path / "small"
    big.write_bytes(os.urandom(600_000))
    small.write_text("small\n")
    before = board.json("ls", "-R", "/home", "/etc")
    for words in (("cp", big, ":/etc/motd"), ("cp", big, ":/home/")):
        result = board(words[0], "--json", *words[1:], timeout=120)
        assert result.status == 1 and "No space left on device" in json.loads(result.stdout)["error"]
    assert board.json("ls", "-R", "/home", "/etc") == before
    assert board.json("cp", small, ":/home/")["copied"] == ["/home/small"]


def test_dry_runs_write_nothing(remote, tmp_path):
    board = remote(image="mpy")
    archive = tmp_path / "board.tar"
    board.json("backup", archive, "/home", "/etc")
    board.shell("echo other > /etc/motd; echo more > /home/more")
    script = "cd /tmp; find / -type f > all; grep -v '^/proc\\|^/tmp\\|^/dev' all > own; xargs sha256sum < own > sums; sort sums"
    before = board.shell(script)
    assert before.count("\n") > 400 and "  /etc/motd\n" in before
    assert board.json("restore", "-n", "--delete", archive)["written"] == ["/etc/motd"]
    assert board.json("deploy", "-n", "--minimal", "--as", "packed")["removed"]
    assert board.shell(script) == before


@pytest.mark.parametrize("ending", ["tar", "tar.gz"])
def test_an_archive_that_is_damaged(remote, tmp_path, ending):
    board = remote()
    archive = tmp_path / ("board." + ending)
    board.json("backup", archive, "/etc")
    board.shell("rm /etc/motd")
    data = archive.read_bytes()
    archive.write_bytes(data[: len(data) // 2])
    result = board("restore", archive)
    assert result.status == 1 and "not all of it" in result.stderr and result.stderr.count("\n") == 1
    assert board("ls", "/etc/motd").status == 1


@pytest.mark.parametrize("ending", ["tar", "tar.gz"])
def test_an_archive_that_is_cut_between_two_files(tmp_path, ending):
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as tar:
        for name in ("etc/one", "etc/two"):
            info = tarfile.TarInfo(name)
            info.size = tarfile.BLOCKSIZE
            tar.addfile(info, io.BytesIO(bytes(info.size)))
    archive = tmp_path / ("board." + ending)
    data = whole.getvalue()[: 2 * tarfile.BLOCKSIZE]
    archive.write_bytes(gzip.compress(data) if ending == "tar.gz" else data)
    with pytest.raises(EOFError, match="the end is missing"):
        backup.read(archive)


def test_help_fits_80_columns(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    for verb, _, _ in verbs.TABLE:
        with pytest.raises(SystemExit):
            main.main([verb, "--help"])
    wide = [line for line in capsys.readouterr().out.splitlines() if len(line) > 80]
    assert wide == []


@pytest.mark.parametrize("verb", [verb for verb, _, _ in verbs.TABLE])
def test_each_argument_has_its_word_of_help_and_each_verb_an_example(verb):
    parser = main.verb_parser(verb)
    importlib.import_module({name: room for name, room, _ in verbs.TABLE}[verb]).arguments(parser, verb)
    assert [action.dest for action in parser._actions if not action.help] == []
    assert f"diatom {verb}" in verbs.EXAMPLES[verb] or verb in verbs.EXAMPLES[verb].split()
    help_ = diatom(verb, "--help")
    assert f"example: {verbs.EXAMPLES[verb]}\n" in help_.stdout


def test_without_a_board_the_simulated_one_is_named(monkeypatch):
    monkeypatch.setattr(scan, "serial_ports", lambda: [])  # where one is plugged in, too
    with pytest.raises(RemoteError, match="-b sim a simulated one"):
        address.only_port()


def test_a_web_server_that_is_busy_is_asked_again():
    asked = []

    class Busy(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            busy = len(asked) < 3
            self.send_response(503 if busy else 200)
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Busy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        HttpBoard("127.0.0.1", server.server_port).close()
        server.shutdown()
    assert asked == ["/cp/diskinfo.json"] * 3
