"""Clients of telnetd that mean no good, and what others notice of them."""

import ftplib
import io
import socket
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.clients import PASSWORD, receive, reset
from services.telnet.talk import (
    DO,
    HELLO,
    IAC,
    NAWS,
    PROMPT,
    SB,
    SE,
    TTYPE,
    WILL,
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
    after = latencies(quiet)
    assert after[len(after) // 2] - before[len(before) // 2] < 10
    assert command(quiet, "echo still here") == "still here"


def test_a_plain_function_that_writes_to_nobody_holds_nobody_up_for_long(telnetd):
    telnetd.run(r"printf 'def __main__(args):\n for i in range(100000): print(i)\n' > /tmp/count.py")
    quiet = open_session(telnetd)
    stalled = telnetd.connect(23)
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    stalled.sendall(HELLO)
    receive(stalled, PROMPT)
    stalled.sendall(b"/tmp/count\r\0")
    end = time.monotonic() + 8
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
    sock = telnetd.connect(23)
    sock.settimeout(2)
    with pytest.raises(TimeoutError):  # the server takes no more before its answers are read
        while True:
            sock.sendall((IAC + DO + b"\x55") * 1000)
    assert command(open_session(telnetd), "echo still here") == "still here"


def test_strangers_are_many_and_a_user_comes_in(board):
    board = board()
    board.start("utelnetd")
    strangers = []
    for _ in range(100):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(("127.0.0.1", board.port(23)))
        strangers.append(sock)
    assert board.run("utelnetd status")[1] == 0
    heap = board.run("free")[0]
    assert heap
    for sock in strangers:
        sock.close()
    sock = board.connect(23, timeout=30)
    login(sock, PASSWORD)
    receive(sock, PROMPT, timeout=30)


@pytest.mark.slow
def test_strangers_that_stay_make_room(board):
    """Whoever holds all the places of those who have not logged in, a byte now and then, keeps nobody out."""
    board = board()
    board.start("utelnetd")
    strangers = [board.connect(23) for _ in range(8)]
    for sock in strangers:
        receive(sock, b"login: ")
    sock = board.connect(23)
    sock.settimeout(0.5)
    while True:  # a while later one of them makes room
        for stranger in strangers:
            try:
                stranger.sendall(b"x")
            except OSError:
                pass
        try:
            if sock.recv(1, socket.MSG_PEEK):
                break
        except TimeoutError:
            pass
    login(sock, PASSWORD)
    receive(sock, PROMPT)


def test_an_upload_beside_slows_nobody(telnetd):
    assert telnetd.run("uftpd start")[1] == 0
    quiet = open_session(telnetd)
    before = latencies(quiet)
    ftp = ftplib.FTP(timeout=20)
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
        after = latencies(quiet, 60)
    finally:
        stop.set()
        thread.join()
        ftp.close()
    assert after[len(after) // 2] - before[len(before) // 2] < 10


@pytest.mark.slow
def test_random_bytes_bring_nothing_down(telnetd):
    good = open_session(telnetd)
    special = st.sampled_from(
        [IAC, IAC + SB, IAC + SE, IAC + DO, IAC + WILL, NAWS, TTYPE, b"\r", b"\x04", b"\x15", b"\x03"]
    )
    noise = st.lists(st.one_of(st.binary(max_size=40), special), max_size=30).map(b"".join)

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(noise, st.booleans())
    def send(data, after_hello):
        with telnetd.connect(23) as sock:
            try:
                if after_hello:
                    sock.sendall(HELLO)
                    receive(sock, PROMPT)
                sock.sendall(data)
                reset(sock)
            except ConnectionError:
                pass

    send()
    assert command(good, "echo still here") == "still here"
    telnetd.wait("utelnetd status", "clients 1")
    assert "Error:" not in telnetd.run("dmesg")[0]
