"""Malicious clients of ftpd."""

import ftplib
import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.clients import PASSWORD, is_closed, receive, reset
from services.ftp.talk import client, get, put, refused


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


def test_long_lines_end_the_connection(ftpd):
    sock = ftpd.connect(21)
    sock.sendall(b"USER " + b"x" * 5000)
    receive(sock, b"500 Line too long")
    assert is_closed(sock)


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

    @settings(max_examples=150, suppress_health_check=list(HealthCheck))
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
    ftpd.wait("uftpd status", "clients 0")
    with client(ftpd) as ftp:
        assert ftp.sendcmd("NOOP").startswith("200")
    assert "Error:" not in ftpd.run("dmesg")[0]
    assert ftpd.run("cat /main.py | wc -c")[0].strip() != "0"


def test_a_transfer_that_does_not_move_is_given_up(board):
    board = board()
    board.start("uftpd", auth=False, ftpd={"stall": 1})
    with client(board) as ftp:
        put(ftp, "/home/x", b"the old one")
        ftp.voidcmd("TYPE I")
        with ftp.transfercmd("STOR /home/x") as sock:
            sock.sendall(b"begun")
            with pytest.raises(ftplib.error_temp, match="426"):
                ftp.getresp()
            assert is_closed(sock)
        assert get(ftp, "/home/x") == b"the old one"
        with ftp.transfercmd("STOR /home/y"):  # and it is not given up as long as something comes
            pass
        assert ftp.getresp().startswith("226")


def test_a_command_to_connect_elsewhere_connects_nowhere(ftpd):
    """FTP bounce: no other address, no port of a service, no address in another notation."""
    with socket.socket() as victim, client(ftpd) as ftp:
        victim.bind(("127.0.0.2", 0))
        victim.listen()
        victim.settimeout(0.3)
        port = victim.getsockname()[1]
        high, low = port >> 8, port & 255
        for line in (
            f"PORT 127,0,0,2,{high},{low}",
            f"PORT 127,0,0,02,{high},{low}",
            f"PORT 127,0,0,258,{high},{low}",
            f"EPRT |1|127.0.0.2|{port}|",
            f"EPRT |1|127.2|{port}|",
            f"EPRT |1|0x7f.0.0.2|{port}|",
            f"EPRT |1|localhost|{port}|",
            f"EPRT |2|::ffff:127.0.0.2|{port}|",
            "EPRT |1|127.0.0.1|22|",
            "EPRT |1|127.0.0.1|65536|",
            "PORT 127,0,0,1,0,80",
        ):
            assert refused(ftp, line) in (501, 504, 522), line
            assert refused(ftp, "RETR /etc/motd") == 425, line
        with pytest.raises(TimeoutError):
            victim.accept()


def test_an_active_client_that_is_not_there(ftpd):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with client(ftpd) as ftp:
        ftp.sendcmd(f"EPRT |1|127.0.0.1|{port}|")
        ftp.putcmd("RETR /etc/motd")
        replies = []
        with pytest.raises(ftplib.error_temp, match="425"):
            while True:
                replies.append(ftp.getresp())
        assert get(ftp, "/etc/motd")


# Where a client may die while a data connection is open, and what it has sent on it until then.
STATES = [
    ("RETR /home/big", b""),
    ("STOR /home/x", b""),
    ("STOR /home/x", b"some"),
    ("APPE /home/new", b""),
    ("MLSD /", b""),
    ("STOU", b"x"),
]


def test_a_client_that_dies_with_its_data_connection_open(ftpd):
    with client(ftpd) as ftp:
        put(ftp, "/home/big", bytes(200_000))
        put(ftp, "/home/x", b"the old one")
    for line, data in STATES:
        for first, second in ((reset, reset), (socket.socket.close, socket.socket.close), (reset, socket.socket.close)):
            ftp = client(ftpd)
            ftp.cwd("/home")
            ftp.voidcmd("TYPE I")
            sock = ftp.transfercmd(line)
            sock.sendall(data)
            first(ftp.sock)
            ftp.file.close()
            second(sock)
    ftpd.wait("uftpd status", "clients 0")
    with client(ftpd) as ftp:
        assert get(ftp, "/home/x") == b"the old one"
        assert set(ftp.nlst("/home")) <= {"big", "x", "new"}


def test_a_client_that_is_gone_waits_for_no_data_connection(board):
    board = board()
    board.start("uftpd", auth=False, ftpd={"clients": 2})
    for _ in range(2):
        ftp = client(board)
        ftp.sendcmd("PASV")
        ftp.putcmd("RETR /etc/motd")
        ftp.getresp()
        ftp.putcmd("PWD")  # it waits for the transfer
        ftp.close()
    with client(board) as ftp:  # who finds no place for ten seconds is refused
        assert ftp.pwd() == "/"


def test_two_uploads_of_one_file_leave_one_of_them(ftpd):
    with client(ftpd) as first, client(ftpd) as second:
        for ftp in (first, second):
            ftp.voidcmd("TYPE I")
        with first.transfercmd("STOR /home/x") as one, second.transfercmd("STOR /home/x") as two:
            for _ in range(20):
                one.sendall(b"1" * 1000)
                two.sendall(b"2" * 1000)
            one.close()
            two.close()
            replies = []
            for ftp in (first, second):
                try:
                    replies.append(ftp.getresp()[:3])
                except ftplib.Error as e:
                    replies.append(str(e)[:3])
        assert "226" in replies
        assert get(first, "/home/x") in (b"1" * 20_000, b"2" * 20_000)
        assert first.nlst("/home") == ["x"]
