"""Clients of ftpd that mean no good."""

import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.clients import PASSWORD, is_closed, receive, reset
from services.ftp.talk import client


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
