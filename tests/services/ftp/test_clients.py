"""ftpd with real clients."""

import ftplib
import os
import subprocess

import pytest
from harness import PATIENCE

from services.clients import PASSWORD
from services.ftp.talk import client, get, put, refused

LOGIN = f"root,{PASSWORD}"


@pytest.fixture
def tree(tmp_path):
    """Files to send, and an empty directory for what comes back."""
    top = tmp_path / "tree"
    (top / "a" / "b").mkdir(parents=True)
    (top / "a" / "one.bin").write_bytes(os.urandom(100_000))
    (top / "a" / "b" / "two.txt").write_text("two\n")
    (top / "name with blanks and ü").write_text("three\n")
    (top / "empty").touch()
    (tmp_path / "back").mkdir()
    return tmp_path


def same(left, right):
    return subprocess.run(["diff", "-r", left, right], capture_output=True).stdout == b""


def run(words, cwd, **options):
    done = subprocess.run(words, cwd=cwd, capture_output=True, timeout=PATIENCE, **options)
    assert done.returncode == 0, done
    return done.stdout


def lftp(board, tree, commands):
    words = [
        "lftp",
        "-u",
        LOGIN,
        "-p",
        str(board.port(21)),
        "-e",
        f"set net:max-retries 1; {commands}; bye",
        "127.0.0.1",
    ]
    return run(words, tree)


@pytest.mark.parametrize("parallel", ["", "--parallel=3 "])
def test_lftp_mirrors_both_ways(ftpd, tree, require, parallel):
    require("lftp")
    lftp(ftpd, tree, f"mirror -R {parallel}tree /home/tree")
    lftp(ftpd, tree, f"mirror {parallel}/home/tree back")
    assert same(tree / "tree", tree / "back")


def test_lftp_resumes_both_ways(ftpd, tree, require):
    require("lftp")
    whole = (tree / "tree" / "a" / "one.bin").read_bytes()
    (tree / "part").write_bytes(whole[:40_000])
    lftp(ftpd, tree, "put part -o /home/one; put -c tree/a/one.bin -o /home/one; get -c /home/one -o part")
    assert (tree / "part").read_bytes() == whole
    with client(ftpd) as ftp:
        assert get(ftp, "/home/one") == whole


def test_curl(ftpd, tree, require):
    require("curl")
    url = f"ftp://127.0.0.1:{ftpd.port(21)}/home/"
    curl = ["curl", "-sS", "-u", f"root:{PASSWORD}"]
    run([*curl, "-T", "tree/a/one.bin", "--ftp-create-dirs", url + "new/dir/one"], tree)
    run([*curl, url + "new/dir/one", "-o", "back/one"], tree)
    assert (tree / "back" / "one").read_bytes() == (tree / "tree" / "a" / "one.bin").read_bytes()
    (tree / "back" / "one").write_bytes((tree / "tree" / "a" / "one.bin").read_bytes()[:5000])
    run([*curl, "-C", "-", url + "new/dir/one", "-o", "back/one"], tree)
    assert (tree / "back" / "one").read_bytes() == (tree / "tree" / "a" / "one.bin").read_bytes()
    assert b"one" in run([*curl, "-P", "-", url + "new/dir/"], tree)
    run([*curl, "-Q", "DELE /home/new/dir/one", url], tree)
    assert b"one" not in run([*curl, "-l", url + "new/dir/"], tree)


def test_ncftp(ftpd, tree, require):
    require("ncftpput")
    words = ["-P", str(ftpd.port(21)), "-u", "root", "-p", PASSWORD]
    run(["ncftpput", *words, "-R", "127.0.0.1", "/home", "tree"], tree)
    run(["ncftpget", *words, "-R", "127.0.0.1", "back", "/home/tree"], tree)
    assert same(tree / "tree", tree / "back" / "tree")


def test_ftp(ftpd, tree, require):
    require("ftp")
    script = (
        f"user root {PASSWORD}\nbinary\ncd /home\nmkdir x\ncd x\nput tree/a/one.bin one\nget one back/one\nappend tree/empty one\n"
        "ls\nrename one two\nmget t*\nsize two\nmdelete t*\npassive\nls\nbye\n"
    )
    output = run(["ftp", "-n", "-i", "127.0.0.1", str(ftpd.port(21))], tree, input=script.encode())
    assert (tree / "back" / "one").read_bytes() == (tree / "tree" / "a" / "one.bin").read_bytes()
    assert (tree / "two").read_bytes() == (tree / "tree" / "a" / "one.bin").read_bytes()
    assert b"100000" in output


def test_the_conversation_of_filezilla(ftpd):
    """Its commands in its order: a connection for the list and one for each transfer, kept alive."""
    first = ftplib.FTP(timeout=PATIENCE)
    first.connect("127.0.0.1", ftpd.port(21))
    assert refused(first, "AUTH TLS") == 502
    assert refused(first, "AUTH SSL") == 502
    first.login("root", PASSWORD)
    assert first.sendcmd("SYST").startswith("215 UNIX")
    assert " UTF8\n" in first.sendcmd("FEAT")
    for line in ("OPTS UTF8 ON", "OPTS MLST type;size;modify;perm;", "PWD", "CWD /home", "PWD", "TYPE I"):
        assert first.sendcmd(line)[0] == "2"
    assert dict(first.mlsd())["."]["type"] == "cdir"
    with client(ftpd) as second:
        for line in ("OPTS UTF8 ON", "CWD /home", "TYPE I"):
            assert second.sendcmd(line)[0] == "2"
        put(second, "größe.txt", b"x" * 10)
        assert first.sendcmd("NOOP").startswith("200")
        assert second.sendcmd("MFMT 20200101000000 größe.txt").startswith("213")
        put(second, "größe.txt", b"y" * 5, rest=10)
    first.sendcmd("REST 0")
    assert dict(first.mlsd())["größe.txt"]["size"] == "15"
    first.quit()
