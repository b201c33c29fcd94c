"""tools/diatom and a board's files, over serial, FTP and HTTP."""

import json
import os
import shlex
import stat

import pytest
from harness import DIATOM


@pytest.fixture(params=["serial", "ftp", "http"])
def board(request, remote):
    board = remote()
    if request.param == "ftp":
        board.address = board.serve()
    elif request.param == "http":
        board.address = board.serve_http()
    return board


def test_files_go_there_and_back(board, tmp_path):
    data = os.urandom(20_000) + b"text\n" * 2000 + b"\x04\x03\x01\xff"
    (tmp_path / "a b.bin").write_bytes(data)
    assert board("cp", tmp_path / "a b.bin", "board:/tmp/").status == 0
    assert board("cp", "board:/tmp/a b.bin", tmp_path / "back").status == 0
    assert (tmp_path / "back").read_bytes() == data
    assert board("cp", "board:/tmp/a b.bin", "board:/tmp/c").status == 0
    entries = board.json("ls", "/tmp")["/tmp"]
    assert [(e["name"], e["size"], e["type"]) for e in entries] == [("a b.bin", 30_004, "file"), ("c", 30_004, "file")]


def test_what_is_the_same_is_not_sent_again(board, tmp_path):
    (tmp_path / "file").write_text("one")
    assert board.json("cp", tmp_path / "file", "board:/tmp/") == {"copied": ["/tmp/file"], "same": 0, "skipped": []}
    assert board.json("cp", tmp_path / "file", "board:/tmp/") == {"copied": [], "same": 1, "skipped": []}
    (tmp_path / "file").write_text("two")
    assert board.json("cp", tmp_path / "file", ":/tmp/") == {"copied": ["/tmp/file"], "same": 0, "skipped": []}
    assert board("cat", "/tmp/file").stdout == "two"


def test_trees_and_empty_files(board, tmp_path):
    (tmp_path / "top" / "deep" / "er").mkdir(parents=True)
    (tmp_path / "top" / "empty").write_text("")
    (tmp_path / "top" / "deep" / "ünï.txt").write_text("ä")
    assert board("cp", "-r", tmp_path / "top", "board:/tmp/tree").status == 0
    listing = board("ls", "-R", "/tmp").stdout.split()
    assert sorted(listing) == ["tree/", "tree/deep/", "tree/deep/er/", "tree/deep/ünï.txt", "tree/empty"]
    assert board("cp", "-r", "board:/tmp/tree", tmp_path / "again").status == 0
    assert (tmp_path / "again" / "deep" / "ünï.txt").read_text() == "ä"
    assert (tmp_path / "again" / "deep" / "er").is_dir()
    assert (tmp_path / "again" / "empty").read_text() == ""


def test_what_cannot_fit_is_not_begun(board, tmp_path):
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "small").write_text("x")
    (tree / "large").write_bytes(bytes(64_000_000))
    run = board("cp", "-r", tree, "board:/home/")
    assert run.status == 1 and "No space left on device (" in run.stderr and "Traceback" not in run.stderr, run.stderr
    assert board("ls", "board:/home/tree").status == 1
    assert board("cp", tree / "small", "board:/home/new").status == 0


def test_a_directory_wants_r(board):
    result = board("cp", "board:/etc", "/tmp/never")
    assert (result.status, result.stderr) == (1, "diatom: /etc: is a directory (-r copies those)\n")
    result = board("rm", "/etc")
    assert (result.status, result.stderr) == (1, "diatom: /etc: Is a directory\n")
    assert board("rm", "-r", "/").status == 1
    assert "etc/" in board("ls").stdout.split()


def test_remove(board):
    assert board("mkdir", "-p", "/tmp/x/y/z").status == 0
    assert board("mkdir", "/tmp/x").status == 1
    result = board("rm", "/nix", "board:/etc/motd")
    assert (result.status, result.stderr) == (1, "diatom: /nix: No such file or directory\n")
    assert "motd" not in board("ls", "/etc").stdout.split()
    assert board("rm", "-f", "/nix").status == 0
    assert board("rm", "-r", "/tmp/x").status == 0
    assert board("ls", "/tmp").stdout == ""


@pytest.mark.parametrize(
    "words, message",
    [
        (("cat", "/nix"), "/nix: No such file or directory"),
        (("cat", "/etc"), "/etc: Is a directory"),
        (("cp", "/nix", "board:/tmp/"), "/nix: No such file or directory"),
        (("cp", "/etc/hostname", "board:/nix/a"), "/nix/a: No such file or directory"),
    ],
)
def test_errors_are_one_sentence(board, words, message):
    result = board(*words)
    assert (result.status, result.stdout, result.stderr) == (1, "", f"diatom: {message}\n")


def test_errors_for_scripts(board):
    result = board("cp", "--json", "board:/nix", "/tmp/never")
    assert result.status == 1
    assert json.loads(result.stdout) == {"error": "/nix: No such file or directory"}


def editor(tmp_path, script):
    path = tmp_path / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return {"EDITOR": str(path), "VISUAL": "", "TMPDIR": str(tmp_path)}


def test_edit(board, tmp_path):
    env = editor(tmp_path, 'printf "Hallo\\n" > "$1"')
    assert board("edit", "/etc/motd", env=env).status == 0
    assert board("cat", "/etc/motd").stdout == "Hallo\n"
    assert board("edit", "/tmp/new", env=env).status == 0
    assert board("cat", "/tmp/new").stdout == "Hallo\n"
    assert board.json("edit", "/tmp/new", env=editor(tmp_path, "true")) == {"changed": False}


def test_an_edited_text_is_never_lost(board, tmp_path):
    result = board("edit", "/nix/a", env=editor(tmp_path, 'echo precious > "$1"'))
    assert result.status == 1
    assert "what you have edited is in " in result.stderr
    copy = result.stderr.rpartition(" ")[2].strip()
    assert open(copy).read() == "precious\n"


def test_edit_does_not_replace_what_others_have_written(remote, tmp_path):
    board = remote()
    other = shlex.join([*DIATOM, "-b", board.address, "run", "-c", "echo theirs > /etc/motd"])
    result = board("edit", "/etc/motd", address=board.serve(), env=editor(tmp_path, f'echo mine > "$1"; {other}'))
    assert result.status == 1
    assert "/etc/motd has changed on the board meanwhile; what you have edited is in " in result.stderr
    assert open(result.stderr.rpartition(" ")[2].strip()).read() == "mine\n"
    assert board("cat", "/etc/motd").stdout == "theirs\n"


def test_info(board):
    facts = board.json("info")
    assert facts["diatom"].count(".") == 2
    assert facts["micropython"].count(".") == 2
    assert facts["flash"] == 6 * 1024 * 1024
    assert 0 < facts["free_flash"] < facts["flash"]
    assert "MicroPython " in board("info").stdout


def test_the_board_goes_on(board, tmp_path):
    """A connection leaves the console as it was: a prompt, and nothing of the tool in memory."""
    (tmp_path / "f").write_text("x")
    board("cp", tmp_path / "f", "board:/tmp/")
    assert board("run", "-c", "echo $((6 * 7)); cat /tmp/f").stdout == "42\nx"
    assert board("ls", "/tmp").stdout == "f\n"


def test_a_wrong_password(remote):
    board = remote()
    for address, reason in (
        (board.serve(), "Login incorrect"),
        (board.serve_http(), "incorrect user name or password"),
    ):
        result = board("ls", address=address.replace("geheim", "falsch"))
        assert result.status == 1
        assert reason in result.stderr and "falsch" not in result.stderr


def test_nobody_there(remote):
    board = remote()
    for address in (
        "/dev/nix",
        "pty:/dev/pts/999",
        f"ftp://root:x@127.0.0.1:{board.offset + 21}",
        f"http://a@127.0.0.1:{board.offset}",
    ):
        result = board("ls", address=address)
        assert result.status == 1
        assert result.stderr.startswith("diatom: ") and result.stderr.count("\n") == 1
