"""Malicious clients of telnetd, and their effect on others."""

import ftplib
import io
import socket
import threading
import time

import pytest
from harness import PATIENCE, wait_until

from services.clients import PASSWORD, narrow, receive, reset
from services.telnet.talk import (
    DO,
    HELLO,
    IAC,
    NAWS,
    PROMPT,
    SB,
    command,
    latencies,
    login,
    open_session,
)


@pytest.mark.parametrize("noise", ["yes", "seq 1000000000"])
def test_a_client_that_does_not_read_slows_nobody(telnetd, noise):
    quiet = open_session(telnetd)
    before = latencies(quiet)
    stalled = telnetd.connect(23)
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    stalled.sendall(HELLO)
    receive(stalled, PROMPT)
    stalled.sendall(noise.encode() + b"\r\0")
    telnetd.wait("ps", noise.split()[0])
    # Only eventually: a busy computer slows everybody down now and then.
    wait_until(lambda: latencies(quiet)[15] - before[15] < 10, "an echo that comes as soon as before")
    assert command(quiet, "echo still here") == "still here"


def test_a_plain_function_that_writes_to_nobody_holds_nobody_up_for_long(telnetd):
    telnetd.run(r"printf 'def __main__(args):\n for i in range(20000): print(i)\n' > /tmp/count.py")
    quiet = open_session(telnetd)
    stalled = telnetd.connect(23)
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    stalled.sendall(HELLO)
    receive(stalled, PROMPT)
    stalled.sendall(b"/tmp/count\r\0")
    end = time.monotonic() + 4  # twice as long as it may wait for its peer
    while time.monotonic() < end:
        assert latencies(quiet, 5)[2] < 200
    assert command(quiet, "echo still here") == "still here"


@pytest.mark.parametrize("sent", [b"", IAC, IAC + SB, IAC + SB + NAWS + b"\0", b"ro", b"root\r\0", b"root\r\0gehe"])
def test_half_open_and_reset_connections_leave_nothing(board, sent):
    board = board()
    board.start("utelnetd")
    for end in (reset, socket.socket.close):
        sock = board.connect(23)
        sock.sendall(sent)
        end(sock)
    board.wait("utelnetd status", "clients 0")
    board.wait("ps | grep -c '[l]ogin'; true", "0")
    login(board.connect(23), PASSWORD)


def test_endless_negotiation_is_not_answered_endlessly(telnetd):
    sock = narrow(telnetd, 23)
    sock.settimeout(1)
    with pytest.raises(TimeoutError):  # the server takes no more before its answers are read
        while True:
            sock.sendall((IAC + DO + b"\x55") * 1000)
    assert command(open_session(telnetd), "echo still here") == "still here"


def test_an_upload_beside_slows_nobody(telnetd):
    assert telnetd.run("uftpd start")[1] == 0
    quiet = open_session(telnetd)
    before = latencies(quiet)
    ftp = ftplib.FTP(timeout=PATIENCE)
    ftp.connect("127.0.0.1", telnetd.port(21))
    ftp.login("root", "")
    ftp.voidcmd("TYPE I")
    stop = threading.Event()

    def upload():
        while not stop.is_set():
            ftp.storbinary("STOR /tmp/big", io.BytesIO(bytes(200_000)))

    thread = threading.Thread(target=upload)
    thread.start()
    try:
        wait_until(lambda: latencies(quiet, 60)[30] - before[15] < 10, "an echo that comes as soon as before")
        assert thread.is_alive()
    finally:
        stop.set()
        thread.join()
        ftp.close()
