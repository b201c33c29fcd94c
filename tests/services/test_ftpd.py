"""ftpd: transfers with real clients, the commands of the RFCs, and clients that mean no good."""

import ftplib
import io
import os
import re
import socket
import subprocess
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.clients import PASSWORD, is_closed, receive, reset

LOGIN = f"root,{PASSWORD}"


@pytest.fixture
def ftpd(board):
    """A board with an ftpd that wants the password of root."""
    board = board()
    board.start("uftpd")
    return board


def client(board, name="root", password=PASSWORD, **options):
    """A client that has logged in."""
    ftp = ftplib.FTP(timeout=20, **options)
    ftp.connect("127.0.0.1", board.port(21))
    ftp.login(name, password)
    return ftp


@pytest.fixture
def ftp(ftpd):
    with client(ftpd) as ftp:
        yield ftp


def put(ftp, path, data, command="STOR", rest=None):
    ftp.storbinary(f"{command} {path}", io.BytesIO(data), rest=rest)


def get(ftp, path, rest=None):
    data = io.BytesIO()
    ftp.retrbinary(f"RETR {path}", data.write, rest=rest)
    return data.getvalue()


def refused(ftp, line):
    """The code with which a command is refused."""
    with pytest.raises((ftplib.error_perm, ftplib.error_temp)) as e:
        ftp.sendcmd(line)
    return int(str(e.value)[:3])


# --- starting and stopping


def test_it_refuses_to_start_without_a_password_and_says_how_to_set_one(board):
    board = board()
    output, status = board.run("uftpd start")
    assert status == 1 and "passwd" in output
    with pytest.raises(ConnectionRefusedError):
        board.connect(21)


def test_it_is_a_process_and_ends_like_one(ftpd):
    assert re.search(r"\bftpd\n", ftpd.run("ps")[0])
    ftp = client(ftpd)
    assert "127.0.0.1" in ftpd.run("uftpd status")[0]
    assert ftpd.run("uftpd restart")[1] == 0
    assert is_closed(ftp.sock)
    client(ftpd).quit()
    ftpd.run("killall ftpd")
    ftpd.wait("uftpd status", "not running")
    with pytest.raises(ConnectionRefusedError):
        ftpd.connect(21)


# --- real clients


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
    done = subprocess.run(words, cwd=cwd, capture_output=True, timeout=60, **options)
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
    first = ftplib.FTP(timeout=10)
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


# --- the commands


def test_files_go_and_come_back(ftp):
    data = os.urandom(70_001)
    put(ftp, "/home/x", data)
    assert get(ftp, "/home/x") == data
    assert ftp.size("/home/x") == len(data)
    put(ftp, "/home/x", b"short")
    assert get(ftp, "/home/x") == b"short"
    put(ftp, "/home/x", b" and more", command="APPE")
    assert get(ftp, "/home/x") == b"short and more"
    put(ftp, "/home/new", b"made by APPE", command="APPE")
    assert get(ftp, "/home/new") == b"made by APPE"


def test_restart(ftp):
    put(ftp, "/home/x", b"0123456789")
    assert get(ftp, "/home/x", rest=4) == b"456789"
    assert get(ftp, "/home/x", rest=10) == b""
    put(ftp, "/home/x", b"abc", rest=4)
    assert get(ftp, "/home/x") == b"0123abc"
    put(ftp, "/home/x", b"xyz", rest=7)
    assert get(ftp, "/home/x") == b"0123abcxyz"
    ftp.sendcmd("PASV")
    ftp.sendcmd("REST 99")
    assert refused(ftp, "RETR /home/x") == 551
    assert refused(ftp, "REST x") == 501


def test_text_has_the_ends_of_line_of_the_network(ftp):
    ftp.storlines("STOR /home/t", io.BytesIO(b"one\r\ntwo\r\n"))
    assert get(ftp, "/home/t") == b"one\ntwo\n"
    ftp.sendcmd("TYPE A")
    assert ftp.sendcmd("SIZE /home/t") == "213 10"
    lines = []
    ftp.retrlines("RETR /home/t", lines.append)
    assert lines == ["one", "two"]
    data = b"".join(b"%d\r\n" % i for i in range(5000)) + b"end\r"
    with ftp.transfercmd("STOR /home/t") as sock:
        for i in range(0, len(data), 997):
            sock.sendall(data[i : i + 997])
    ftp.voidresp()
    assert get(ftp, "/home/t") == data.replace(b"\r\n", b"\n")


def test_store_unique(ftp):
    ftp.cwd("/home")
    names = set()
    for _ in range(3):
        with ftp.transfercmd("STOU") as sock:
            sock.sendall(b"x")
        ftp.voidresp()
        names.update(ftp.nlst())
    assert len(names) == 3


def test_directories(ftp):
    assert ftp.pwd() == "/"
    assert ftp.mkd('/home/a "b"') == '/home/a "b"'
    ftp.cwd('/home/a "b"')
    assert ftp.pwd() == '/home/a "b"'
    ftp.sendcmd("CDUP")
    assert ftp.pwd() == "/home"
    ftp.cwd('a "b"/../../etc/.')
    assert ftp.pwd() == "/etc"
    put(ftp, '/home/a "b"/x', b"x")
    assert refused(ftp, 'RMD /home/a "b"') == 550
    ftp.delete('/home/a "b"/x')
    ftp.rmd('/home/a "b"')
    assert refused(ftp, "CWD /home/none") == 550
    assert refused(ftp, "CWD /etc/motd") == 550
    assert refused(ftp, "RMD /etc/motd") == 550
    assert refused(ftp, "DELE /etc") == 550
    assert refused(ftp, "RMD /") == 550


def test_rename(ftp):
    put(ftp, "/home/x", b"x")
    ftp.rename("/home/x", "/home/y")
    put(ftp, "/home/z", b"z")
    ftp.rename("/home/y", "/home/z")
    assert get(ftp, "/home/z") == b"x"
    ftp.mkd("/home/d")
    ftp.rename("/home/d", "/home/e")
    ftp.sendcmd("RNFR /home/e")
    assert refused(ftp, "RNTO /home/e/f") == 553
    assert refused(ftp, "RNTO /home/q") == 503
    ftp.sendcmd("RNFR /home/z")
    ftp.sendcmd("NOOP")
    assert refused(ftp, "RNTO /home/q") == 503
    assert refused(ftp, "RNFR /home/none") == 550


def test_lists(ftp):
    ftp.mkd("/home/d")
    put(ftp, "/home/d/.hidden", b"1")
    put(ftp, "/home/d/a.py", b"22")
    ftp.mkd("/home/d/sub")
    assert sorted(ftp.nlst("/home/d")) == [".hidden", "a.py", "sub"]
    assert ftp.nlst("/home/d/*.py") == ["/home/d/a.py"]
    assert ftp.nlst("/home/d/*.none") == []
    entries = dict(ftp.mlsd("/home/d"))
    assert entries["a.py"]["size"] == "2" and entries["a.py"]["type"] == "file"
    assert entries["sub"]["type"] == "dir" and entries["."]["type"] == "cdir"
    now = time.strftime("%Y%m%d", time.gmtime())
    assert entries["a.py"]["modify"][:8] == now
    assert ftp.sendcmd("MDTM /home/d/a.py") == "213 " + entries["a.py"]["modify"]
    lines = []
    ftp.dir("-la", "/home/d", lines.append)
    assert [line for line in lines if line.startswith("-") and line.endswith(" a.py") and "root" in line]
    assert [line for line in lines if line.startswith("d") and line.endswith(" sub")]
    assert " type=file;size=2;modify=" in ftp.sendcmd("MLST /home/d/a.py")
    ftp.sendcmd("OPTS MLST size;")
    assert " size=2; /home/d/a.py" in ftp.sendcmd("MLST /home/d/a.py")
    assert "a.py" in ftp.sendcmd("STAT /home/d")


REPLIES = [
    ("SYST", "215 UNIX Type: L8"),
    ("NOOP", "200"),
    ("FEAT", "211-Features:\n EPRT"),
    ("OPTS UTF8 ON", "200"),
    ("TYPE I", "200"),
    ("TYPE L 8", "200"),
    ("TYPE E", "504"),
    ("STRU F", "200"),
    ("STRU R", "504"),
    ("MODE S", "200"),
    ("MODE Z", "504"),
    ("ALLO 100", "200"),
    ("ALLO 999999999", "452"),
    ("ALLO", "501"),
    ("ACCT x", "202"),
    ("AUTH TLS", "502"),
    ("HELP", "214-"),
    ("STAT", "211-"),
    ("ABOR", "226"),
    ("REIN", "502"),
    ("XPWD", '257 "/"'),
    ("SITE HELP", "214-"),
    ("SITE CHMOD 644 /etc/motd", "200"),
    ("SITE DF", "200"),
    ("SITE print(1)", "504"),
    ("MFMT 20200101000000 /etc/motd", "213 Modify="),
    ("EPSV 2", "522"),
    ("EPRT |2|::1|5000|", "522"),
    ("EPRT x", "501"),
    ("PORT 1,2,3", "501"),
    ("PORT 127,0,0,1,0,21", "501"),
    ("PORT 10,0,0,1,40,40", "504"),
    ("EPRT |1|10.0.0.1|5000|", "504"),
    ("RETR", "501"),
    ("RETR /none", "550"),
    ("LIST /none", "550"),
    ("MLSD /etc/motd", "501"),
    ("SIZE /etc", "550"),
    ("RETR /etc/motd", "425"),
    ("FOO", "502"),
    ("", "500"),
    ("%s%s%n", "500"),
    ("RETR /etc/mo\0td", "501"),
    ("RETR /" + "a" * 900, "550"),
    ("MKD " + "/x" * 400, "550"),
    ("SIZE %2e%2e/%2e%2e/etc/motd", "550"),
    ("CWD " + "../" * 300, "250"),
]


def test_replies(ftpd):
    for line, answer in REPLIES:
        with client(ftpd) as ftp:
            ftp.putcmd(line)
            try:
                reply = ftp.getresp()
            except ftplib.Error as e:
                reply = str(e)
        assert reply.startswith(answer), line


def test_every_command_is_for_users_only(ftpd):
    with client(ftpd) as ftp:
        verbs = set(re.findall(r"\b[A-Z]{3,4}\b", ftp.sendcmd("HELP").partition("\n")[2]))
    ftp = ftplib.FTP(timeout=10)
    ftp.connect("127.0.0.1", ftpd.port(21))
    for verb in sorted(
        verbs - {"USER", "PASS", "QUIT", "NOOP", "FEAT", "SYST", "OPTS", "HELP", "AUTH", "ACCT", "EPSV"}
    ):
        assert refused(ftp, f"{verb} /main.py") == 530, verb
    assert refused(ftp, "EPSV") == 530
    assert refused(ftp, "PASS x") == 503
    ftp.sendcmd("USER root")
    assert refused(ftp, "RETR /etc/motd") == 530


def test_checksum(ftp):
    put(ftp, "/home/x", b"abc")
    assert "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" in ftp.sendcmd("SITE SHA256 /home/x")


def test_active_transfers(ftpd):
    with client(ftpd) as ftp:
        ftp.set_pasv(False)
        put(ftp, "/home/x", b"active")
        assert get(ftp, "/home/x") == b"active"


def test_epsv_all_forbids_the_others(ftp):
    ftp.sendcmd("EPSV ALL")
    assert refused(ftp, "PASV") == 503
    assert refused(ftp, "PORT 127,0,0,1,40,40") == 503
    assert ftp.sendcmd("EPSV").startswith("229")


def test_abort(ftp):
    put(ftp, "/home/big", bytes(400_000))
    ftp.voidcmd("TYPE I")
    with ftp.transfercmd("STOR /home/big") as sock:
        sock.sendall(b"not all")
        ftp.sock.sendall(b"\xff\xf4\xff\xf2ABOR\r\n")  # with the telnet signals that RFC 959 asks for
        with pytest.raises(ftplib.error_temp, match="426"):
            ftp.getresp()
        assert ftp.getresp().startswith("226")
    assert ftp.size("/home/big") == 400_000
    assert ftp.sendcmd("ABOR").startswith("226")
    assert get(ftp, "/home/big") == bytes(400_000)


def test_several_clients_at_once(ftpd):
    data = [os.urandom(50_000) for _ in range(4)]
    found = {}

    def work(i):
        with client(ftpd) as ftp:
            for _ in range(3):
                put(ftp, f"/home/{i}", data[i])
                found[i] = get(ftp, f"/home/{i}")

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[i] for i in range(4)] == data


def test_a_transfer_that_waits_holds_nobody_up(ftpd):
    with client(ftpd) as slow, client(ftpd) as quick:
        slow.voidcmd("TYPE I")
        with slow.transfercmd("STOR /home/x") as sock:
            sock.sendall(b"begun")
            start = time.monotonic()
            for _ in range(20):
                quick.sendcmd("NOOP")
            assert time.monotonic() - start < 1
            put(quick, "/home/x", b"quick")
            assert get(quick, "/home/x") == b"quick"
            assert slow.sendcmd("NOOP").startswith("200")
            assert "A transfer runs" in slow.sendcmd("STAT")
            sock.sendall(b" and done")
        assert slow.getresp().startswith("226")
        assert get(quick, "/home/x") == b"begun and done"


# --- what is whole stays whole


def cut(board, path, data, how):
    """An upload that breaks off."""
    ftp = client(board)
    ftp.voidcmd("TYPE I")
    sock = ftp.transfercmd(f"STOR {path}")
    sock.sendall(data)
    how(ftp, sock)


def die(ftp, sock):
    ftp.sock.close()
    ftp.file.close()
    sock.close()


def break_off(ftp, sock):
    reset(sock)
    with pytest.raises(ftplib.error_temp, match="426"):
        ftp.getresp()
    ftp.quit()


@pytest.mark.parametrize("how", [die, break_off])
def test_an_upload_that_is_cut_leaves_the_old_file(ftpd, how):
    with client(ftpd) as ftp:
        put(ftp, "/home/x", b"the old one")
        for size in (0, 1, *range(1024, 33 * 1024, 1024)):
            cut(ftpd, "/home/x", bytes(size), how)
            cut(ftpd, "/home/new", bytes(size), how)
            if size % 8192 == 0:
                ftpd.wait("uftpd status", "clients 1")
            assert get(ftp, "/home/x") == b"the old one"
        ftpd.wait("uftpd status", "clients 1")
        assert ftp.nlst("/home") == ["x"]
    assert "~" not in ftpd.run("ls -a /home")[0]


def test_an_announced_size_is_kept(ftp):
    put(ftp, "/home/x", b"the old one")
    ftp.voidcmd("TYPE I")
    ftp.sendcmd("ALLO 1000")
    with ftp.transfercmd("STOR /home/x") as sock:
        sock.sendall(bytes(999))
    with pytest.raises(ftplib.error_temp, match="426"):
        ftp.getresp()
    assert get(ftp, "/home/x") == b"the old one"


def test_a_full_flash_refuses_and_keeps_what_there_was(board):
    board = board(flash_size="512K", image="romfs")
    board.start("uftpd")
    with client(board) as ftp:
        put(ftp, "/home/x", b"the old one")
        with pytest.raises((ftplib.error_temp, OSError)):
            put(ftp, "/home/x", bytes(2_000_000))
    with client(board) as ftp:
        assert get(ftp, "/home/x") == b"the old one"
        put(ftp, "/home/y", bytes(10_000))
    assert board.run("echo room > /home/z; cat /home/z")[0] == "room\n"


# --- who may do what


SECRETS = [
    "RETR /etc/shadow",
    "RETR /etc/../etc//shadow",
    "RETR /etc/./shadow/",
    "STOR /etc/shadow",
    "APPE /etc/shadow",
    "DELE /etc/shadow",
    "RNFR /etc/shadow",
    "RNFR /etc",
    "SITE SHA256 /etc/shadow",
    "STOR /etc/.shadow.new~",
    "DELE /main.py",
    "STOR //main.py",
    "DELE /tmp/../boot.py",
    "RNFR /boot.py",
]


def test_secrets_and_system_files(ftpd):
    for line in SECRETS:
        with client(ftpd) as ftp:
            if line.startswith(("RETR", "STOR", "APPE")):
                ftp.sendcmd("EPSV")
            assert refused(ftp, line) == 550, line
    assert PASSWORD not in ftpd.run("dmesg")[0]


def test_nothing_becomes_a_secret_by_renaming(ftp):
    put(ftp, "/home/x", b"x")
    ftp.sendcmd("RNFR /home/x")
    assert refused(ftp, "RNTO /etc/shadow") == 550


def test_a_user_sees_only_his_root(ftpd):
    ftpd.run("mkdir /home/jail; echo in > /home/jail/in; echo out > /home/out")
    ftpd.run("useradd -o root=/home/jail bob; printf 'pw\\npw\\n' | passwd bob")
    with client(ftpd, "bob", "pw") as ftp:
        assert ftp.nlst("/") == ["in"]
        for path in ("../out", "/../../home/out", "/home/out", "//../out", "..//..//home//out", "....//out"):
            assert refused(ftp, f"SIZE {path}") == 550, path
            with pytest.raises(ftplib.error_perm):
                get(ftp, path)
        ftp.sendcmd("CDUP")
        assert ftp.pwd() == "/" and ftp.nlst() == ["in"]
        assert get(ftp, "/../in") == b"in\n"
        put(ftp, "/../../new", b"new")
    assert ftpd.run("cat /home/jail/new")[0] == "new"


@pytest.mark.parametrize("way", ["user", "service"])
def test_read_only(board, way):
    board = board()
    if way == "user":
        board.start("uftpd")
        board.run("useradd -o ro bob; printf 'pw\\npw\\n' | passwd bob")
        ftp = client(board, "bob", "pw")
    else:
        board.start("uftpd", ftpd={"readonly": True})
        ftp = client(board)
    with ftp:
        assert get(ftp, "/etc/motd")
        ftp.sendcmd("EPSV")
        for line in (
            "STOR /home/x",
            "APPE /home/x",
            "DELE /etc/motd",
            "MKD /home/d",
            "RMD /home",
            "RNFR /etc/motd",
            "STOU",
        ):
            assert refused(ftp, line) == 550


def test_wrong_passwords(ftpd):
    ftp = ftplib.FTP(timeout=20)
    ftp.connect("127.0.0.1", ftpd.port(21))
    for name, code in (("root", "530"), ("nobody", "530"), ("root", "421")):
        with pytest.raises(ftplib.Error, match=code):
            ftp.login(name, "wrong")
    assert is_closed(ftp.sock)
    assert "wrong password for root" in ftpd.run("dmesg")[0]


def test_another_user_has_to_log_in_again(ftpd):
    with client(ftpd) as ftp:
        ftp.sendcmd("USER root")
        assert refused(ftp, "RETR /etc/motd") == 530


def test_the_data_port_is_for_the_client_alone(ftpd):
    """A data connection from another address than the control connection's is sent away."""
    with client(ftpd) as ftp:
        put(ftp, "/home/x", b"for the client")
        ftp.voidcmd("TYPE I")
        port = int(re.search(r"\|(\d+)\|\)", ftp.sendcmd("EPSV"))[1])
        ftp.putcmd("RETR /home/x")
        with socket.create_connection(("127.0.0.1", port), 10, ("127.0.0.2", 0)) as thief:
            assert is_closed(thief)
        with socket.create_connection(("127.0.0.1", port), 10) as sock:
            assert ftp.getresp().startswith("150")
            assert receive(sock, b"client") == b"for the client"
            assert is_closed(sock)
        assert ftp.getresp().startswith("226")


# --- clients that mean no good


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"USER",
        b"USER root\r\n",
        b"USER root\r\nPASS " + PASSWORD.encode(),
        b"USER root\r\nPASS " + PASSWORD.encode() + b"\r\nPASV\r\n",
        b"USER root\r\nPASS " + PASSWORD.encode() + b"\r\nEPSV\r\nRETR /etc/motd\r\n",
        b"USER root\r\nPASS " + PASSWORD.encode() + b"\r\nEPSV\r\nSTOR /home/x\r\n",
    ],
)
def test_half_open_and_reset_connections_leave_nothing(ftpd, sent):
    for end in (reset, socket.socket.close):
        sock = ftpd.connect(21)
        sock.sendall(sent)
        end(sock)
    ftpd.wait("uftpd status", "clients 0")
    with client(ftpd) as ftp:
        assert ftp.nlst("/home") == []


def test_every_passive_port_can_be_used_again(board):
    board = board()
    board.start("uftpd", ftpd={"passive": [13333, 2]})
    with client(board) as first, client(board) as second, client(board) as third:
        for _ in range(10):
            first.sendcmd("PASV")
        second.sendcmd("PASV")
        assert refused(third, "EPSV") == 425
        first.sendcmd("ABOR")
        assert third.sendcmd("EPSV").startswith("229")


def test_an_idle_client_is_told_and_closed(board):
    board = board()
    board.start("uftpd", ftpd={"idle": 1})
    with client(board) as ftp:
        with pytest.raises(ftplib.error_temp, match="421"):
            ftp.getresp()
        assert is_closed(ftp.sock)


def test_long_lines_end_the_connection(ftpd):
    sock = ftpd.connect(21)
    sock.sendall(b"USER " + b"x" * 5000)
    receive(sock, b"500 Line too long")
    assert is_closed(sock)


def test_many_connections_at_once(ftpd):
    crowd = []
    for _ in range(200):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(("127.0.0.1", ftpd.port(21)))
        crowd.append(sock)
    assert ftpd.run("uftpd status")[1] == 0
    for sock in crowd:
        sock.close()
    end = time.monotonic() + 30
    while True:
        try:
            client(ftpd).quit()
            return
        except (ftplib.Error, OSError):
            assert time.monotonic() < end


@pytest.mark.slow
def test_starting_and_stopping_leaves_nothing(ftpd):
    def rounds(count):
        for _ in range(count):
            assert ftpd.run("uftpd stop; uftpd start")[1] == 0
            with client(ftpd) as ftp:
                put(ftp, "/home/x", b"x")
        ftpd.run("uftpd stop")
        heap = ftpd.heap()
        ftpd.run("uftpd start")
        return heap

    before = rounds(60)  # by then the log in memory is as long as it gets
    after = rounds(200)
    assert after - before < 1500


VERBS = (
    "USER PASS TYPE STRU MODE PWD CWD CDUP REST PASV EPSV EPRT PORT RETR STOR APPE STOU LIST NLST MLSD MLST SIZE MDTM MFMT "
    "DELE RMD MKD RNFR RNTO SYST FEAT OPTS HELP STAT SITE ALLO NOOP ABOR"
).split()


@pytest.mark.slow
def test_random_commands_bring_nothing_down(ftpd):
    words = st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            ["/", "..", "/../..", "/tmp", "a" * 300, "0", "-1", "1|2", "|1|127.0.0.1|2000|", "A", "I", "*", "%00"]
        ),
    )
    commands = st.lists(
        st.one_of(
            st.tuples(st.sampled_from(VERBS), words).map(lambda pair: " ".join(pair).encode("utf8", "replace")),
            st.binary(max_size=60),
        ),
        max_size=12,
    )
    hello = b"USER root\r\nPASS " + PASSWORD.encode() + b"\r\nCWD /tmp\r\n"

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(commands, st.booleans())
    def send(lines, known):
        with ftpd.connect(21) as sock:
            try:
                sock.sendall((hello if known else b"") + b"\r\n".join(lines) + b"\r\nQUIT\r\n")
                sock.settimeout(0.05)
                while sock.recv(4096):
                    pass
            except OSError:
                pass

    send()
    ftpd.wait("uftpd status", "clients 0", timeout=60)
    with client(ftpd) as ftp:
        assert ftp.sendcmd("NOOP").startswith("200")
    assert "Error:" not in ftpd.run("dmesg")[0]
    assert ftpd.run("cat /main.py | wc -c")[0].strip() != "0"
