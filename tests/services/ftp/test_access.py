"""Who may do what over FTP."""

import ftplib
import re
import socket
import time

import pytest
from harness import PATIENCE

from services.clients import PASSWORD, is_closed, receive
from services.ftp.talk import client, get, put, refused


def test_every_command_is_for_users_only(ftpd):
    with client(ftpd) as ftp:
        verbs = set(re.findall(r"\b[A-Z]{3,4}\b", ftp.sendcmd("HELP").partition("\n")[2]))
    ftp = ftplib.FTP(timeout=PATIENCE)
    ftp.connect("127.0.0.1", ftpd.port(21))
    for verb in sorted(
        verbs - {"USER", "PASS", "QUIT", "NOOP", "FEAT", "SYST", "OPTS", "HELP", "AUTH", "ACCT", "EPSV"}
    ):
        assert refused(ftp, f"{verb} /main.py") == 530, verb
    assert refused(ftp, "EPSV") == 530
    assert refused(ftp, "PASS x") == 503
    ftp.sendcmd("USER root")
    assert refused(ftp, "RETR /etc/motd") == 530


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
    "SIZE /etc/shadow",
    "MDTM /etc/shadow",
    "MLST /etc/shadow",
    "STAT /etc/shadow",
    "LIST /etc/ssl",
    "MLSD /etc/ssl",
    "CWD /etc/ssh",
    "STAT /ETC/Shadow",
    "DELE /recovery.py",
    "STOR /rescue.py",
    "RNFR /Recovery.py",
    "STOR /proc/x",
    "STOR /dev/null",
    "DELE /lib/spare.z",
    "DELE /Boot.py",
    "RNFR /lib",
    "RNFR /BIN",
]


def test_secrets_and_system_files(ftpd):
    for line in SECRETS:
        with client(ftpd) as ftp:
            if line.startswith(("RETR", "STOR", "APPE")):
                ftp.sendcmd("EPSV")
            assert refused(ftp, line) == 550, line
    assert PASSWORD not in ftpd.run("dmesg")[0]


def test_no_list_has_a_secret(ftpd):
    ftpd.run("mkdir /etc/ssl; echo key > /etc/ssl/key")
    with client(ftpd) as ftp:
        assert "motd" in ftp.nlst("/etc")
        found = [*ftp.nlst("/etc"), *ftp.nlst("/etc/*"), *[name for name, _ in ftp.mlsd("/etc")]]
        ftp.retrlines("LIST /etc", found.append)
        found.append(ftp.sendcmd("STAT /etc"))
        assert not re.search(r"shadow|ssl", "\n".join(found))


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
    ftp = ftplib.FTP(timeout=PATIENCE)
    ftp.connect("127.0.0.1", ftpd.port(21))
    for name, code in (("root", "530"), ("nobody", "530"), ("root", "421")):
        with pytest.raises(ftplib.Error, match=code):
            ftp.login(name, "wrong")
    assert is_closed(ftp.sock)
    assert "wrong password for root" in ftpd.run("dmesg")[0]


def test_wrong_passwords_in_parallel_are_no_quicker(ftpd):
    socks = [ftpd.connect(21) for _ in range(4)]
    start = time.monotonic()
    for sock in socks:
        sock.sendall(b"USER root\r\nPASS wrong\r\n")
    for sock in socks:
        receive(sock, b"530 ")
        sock.close()
    assert time.monotonic() - start > 0.5 + 1 + 2
    assert "failure 4" in ftpd.run("dmesg")[0]


def test_another_user_has_to_log_in_again(ftpd):
    with client(ftpd) as ftp:
        ftp.sendcmd("USER root")
        assert refused(ftp, "RETR /etc/motd") == 530


def test_the_data_port_is_for_the_client_alone(ftpd):
    """A data connection from another address than the control connection's is refused."""
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


def test_a_password_that_nobody_wants_is_no_failure(open_ftpd):
    with ftplib.FTP() as ftp:
        ftp.connect("127.0.0.1", open_ftpd.port(21), PATIENCE)
        assert ftp.sendcmd("USER root")[:3] == "230"
        for _ in range(10):
            assert ftp.sendcmd("PASS x")[:3] == "202"
        assert ftp.pwd() == "/"
