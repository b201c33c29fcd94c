"""The commands of the RFCs."""

import ftplib
import io
import os
import time

import pytest

from services.ftp.talk import client, get, put, refused


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
    ("ABOR", "225"),
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
    assert ftp.sendcmd("ABOR").startswith("225")
    assert get(ftp, "/home/big") == bytes(400_000)


def test_a_transfer_that_is_aborted_before_it_begins_holds_nothing_up(ftp):
    """All in one packet, so that the second command is there before anything of the first has run."""
    for verb in ("STOR one", "RETR /etc/profile", "NLST"):
        ftp.makepasv()
        ftp.sock.sendall(f"{verb}\r\nABOR\r\nPWD\r\n".encode())
        codes = []
        while not codes or codes[-1] != "257":
            codes.append(ftp.getline()[:3])
        assert "226" in codes


def test_the_end_of_a_session_waits_for_its_transfer(ftpd):
    """RFC 959: a transfer under way at QUIT or USER is completed and answered first."""
    for verb, code in (("QUIT", "221"), ("USER root", "331")):
        with client(ftpd) as ftp:
            ftp.voidcmd("TYPE I")
            with ftp.transfercmd("STOR /home/x") as sock:
                sock.sendall(b"a part ")
                ftp.putcmd(verb)
                sock.sendall(verb.encode())
            assert [ftp.getresp()[:3], ftp.getresp()[:3]] == ["226", code]
        with client(ftpd) as ftp:
            assert get(ftp, "/home/x") == b"a part " + verb.encode()


def test_modes_and_times_are_those_of_the_table(ftp):
    put(ftp, "/home/x", b"abc")
    assert ftp.sendcmd("SITE CHMOD 750 /home/x") == "200 Mode changed."
    assert ftp.sendcmd("MFMT 20200102030405 /home/x") == "213 Modify=20200102030405; /home/x"
    lines = []
    ftp.retrlines("LIST /home/x", lines.append)
    assert lines == ["-rwxr-x--- 1 root root        3 Jan  2  2020 /home/x"]
    assert dict(ftp.mlsd("/home"))["x"]["modify"] == "20200102030405"
    assert "modify=20200102030405;" in ftp.sendcmd("MLST /home/x")
    assert ftp.sendcmd("MDTM /home/x") == "213 20200102030405"
    for line, code in (
        ("SITE CHMOD 999 /home/x", 501),
        ("SITE CHMOD 644 /home/none", 550),
        ("MFMT 20201302030405 /home/x", 501),
        ("MFMT 20200102030405 /home/none", 550),
    ):
        assert refused(ftp, line) == code, line
    put(ftp, "/home/x", b"abcd")
    assert ftp.sendcmd("MDTM /home/x") != "213 20200102030405"
    assert " MFMT\n" in ftp.sendcmd("FEAT")
