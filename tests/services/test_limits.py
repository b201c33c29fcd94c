"""The limits of telnetd and ftpd: silent, stalled, slow or too many clients, and a clock that jumps."""

import os
import re
import socket
import struct
import threading
import time

import pytest
from harness import PATIENCE

from services.clients import PASSWORD, is_closed, narrow, receive, reset
from services.telnet import talk as telnet

SERVICES = {"utelnetd": 23, "uftpd": 21}
GREETING = {"utelnetd": b"login: ", "uftpd": b"220 "}


@pytest.fixture(params=SERVICES)
def service(request):
    """The name of one of the services."""
    return request.param


def python(board, code):
    """The output of Python code that can use the guard."""
    output, status = board.run(f'python -c "from services import guard; {code}"')
    assert status == 0, output
    return output


def come_in(board, service):
    """A client that has logged in with the password; it is closed with the test."""
    sock = narrow(board, SERVICES[service])
    if service == "uftpd":
        sock.sendall(f"USER root\r\nPASS {PASSWORD}\r\n".encode())
        receive(sock, b"230 Logged in", 20)
    else:
        telnet.login(sock, PASSWORD)
        receive(sock, telnet.PROMPT)
    return sock


def is_alive(service, sock):
    """True where a client that has logged in is still answered."""
    sock.sendall(b"NOOP\r\n" if service == "uftpd" else b"echo $((6*7))\r\n")
    return receive(sock, b"200 OK" if service == "uftpd" else b"\r\n42\r\n")


def test_who_says_nothing_holds_nobody_up_and_is_sent_away(board, service):
    board = board()
    board.start(service, **{service[1:]: {"login": 1}})
    silent = board.connect(SERVICES[service])
    receive(silent, GREETING[service])
    user = come_in(board, service)
    assert board.run("echo here")[0] == "here\n"
    start = time.monotonic()
    while not is_closed(silent, 0.01):  # a byte now and then does not help
        assert time.monotonic() - start < 10
        try:
            silent.sendall(b"x")
        except OSError:
            break
    assert is_alive(service, user)
    assert "timed out" in board.run("dmesg")[0]


def test_who_comes_throws_nobody_out(board, service):
    board = board()
    board.start(service)
    user = come_in(board, service)
    strangers = [board.connect(SERVICES[service]) for _ in range(5)]
    for sock in strangers:
        receive(sock, GREETING[service])
    assert is_alive(service, user)
    for sock in strangers:
        reset(sock)
    assert is_alive(service, user)


def test_two_hundred_connections_at_once(board, service):
    board = board()
    board.start(service)
    user = come_in(board, service)
    heaps = []
    for _ in range(6):
        crowd = []
        for _ in range(200):
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex(("127.0.0.1", board.port(SERVICES[service])))
            crowd.append(sock)
        assert is_alive(service, user)
        assert board.run("echo here")[0] == "here\n"
        for sock in crowd:
            reset(sock)
        board.wait(f"{service} status", "clients 1")
        heaps.append(board.heap())
    # It goes up and down by what has just ended. A hundred bytes of each that has come would be 60,000.
    assert min(heaps[3:]) - min(heaps[:3]) < 20_000, heaps
    assert is_alive(service, come_in(board, service))


@pytest.mark.slow(15)
def test_strangers_that_stay_make_room(board, service):
    """A client that holds all connections without logging in, sending a byte now and then, keeps nobody out."""
    board = board()
    board.start(service)
    strangers = [board.connect(SERVICES[service]) for _ in range(8)]
    for sock in strangers:
        receive(sock, GREETING[service])
    stop = threading.Event()

    def drip():
        while not stop.wait(0.3):
            for stranger in strangers:
                try:
                    stranger.sendall(b"x")
                except OSError:
                    pass

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        assert is_alive(service, come_in(board, service))
    finally:
        stop.set()
        thread.join()


FIRST = {
    23: (b"", b"\xff"),
    21: (b"", b"220 "),
    80: (b"GET /icon.svg HTTP/1.1\r\nHost: localhost\r\n\r\n", b"HTTP/1.1 200"),
}


@pytest.mark.slow(30)
@pytest.mark.parametrize("name, port", [("utelnetd", 23), ("uftpd", 21), ("uhttpd", 80)])
def test_two_hundred_that_send_slowly_keep_nobody_out(board, name, port):
    """A client that retries normally gets in; the board itself is not affected."""
    board = board()
    board.start(name)
    stop = threading.Event()
    crowd = []
    for _ in range(200):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(("127.0.0.1", board.port(port)))
        crowd.append(sock)

    def drip():
        while not stop.wait(0.2):
            for sock in crowd:
                try:
                    sock.send(b"G")
                except OSError:  # not taken yet, or sent away
                    pass

    thread = threading.Thread(target=drip)
    thread.start()
    words, greeting = FIRST[port]
    end = time.monotonic() + PATIENCE
    try:
        while True:
            assert board.run("echo here")[0] == "here\n"
            try:
                with board.connect(port, timeout=6) as sock:
                    sock.sendall(words)
                    receive(sock, greeting, 6)
                break
            except (OSError, AssertionError):
                assert time.monotonic() < end
    finally:
        stop.set()
        thread.join()
        for sock in crowd:
            sock.close()


def test_who_takes_nothing_is_dropped(board, service):
    """A client that requests much and reads none of it: its connection ends, and nothing of it stays."""
    board = board()
    board.start(service, **{service[1:]: {"stall": 1}})
    user = come_in(board, service)
    stalled = come_in(board, service)
    stalled.settimeout(0.2)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            stalled.sendall(b"HELP\r\n" * 50 if service == "uftpd" else b"yes\r\n")
        except TimeoutError:  # the board reads no more before it is rid of its answers
            pass
        except OSError:
            break
    board.wait(f"{service} status", "clients 1")
    assert is_alive(service, user)
    board.wait("ps | grep -c '[y]es'; true", "0\n")


def test_a_clock_that_jumps_back_changes_no_limit(board, service):
    board = board(image="source", heap="1M")  # whose names are those of the sources
    board.start(service, **{service[1:]: {"idle": 3600}})
    user = come_in(board, service)
    python(board, "guard._failure('10.0.0.9')")
    for moment in ("2001-01-01 00:00:00", "2035-01-01 00:00:00", "2002-02-02 00:00:00"):
        assert board.run(f"date -s '{moment}'")[1] == 0
        assert is_alive(service, user)
    assert is_alive(service, come_in(board, service))
    assert python(board, "print(guard.locked('10.0.0.9'))") == "False\n"
    assert board.run(f"{service} restart")[1] == 0
    come_in(board, service)


def test_an_address_that_is_locked_out_is_not_even_asked(board, service):
    board = board(image="source", heap="1M")
    board.start(service)
    user = come_in(board, service)
    python(board, "[guard._failure('127.0.0.1') for _ in range(8)]")
    sock = board.connect(SERVICES[service])
    assert b"Too many failures" in receive(sock, b"later")
    assert is_closed(sock)
    assert is_alive(service, user)  # who is in stays in


def test_an_address_to_listen_at(board, service):
    board = board()
    board.start(service, **{service[1:]: {"bind": "127.0.0.2"}})
    with pytest.raises(ConnectionRefusedError):
        board.connect(SERVICES[service])
    with socket.create_connection(("127.0.0.2", board.port(SERVICES[service])), 10) as sock:
        receive(sock, GREETING[service])


def test_a_name_that_nobody_has_takes_as_long_as_one_that_somebody_has(board):
    """Also where passwords were set when a login took longer."""
    board = board()
    board.start("uftpd")
    board.run("echo '{\"login_ms\": 150}' > /etc/system.conf; loadconfig")
    board.run(f"setauth root {PASSWORD} {PASSWORD}")
    board.run("echo '{\"login_ms\": 5}' > /etc/system.conf; loadconfig; uftpd restart")
    times = {}
    for name in ("root", "nobody"):
        python(board, "guard._failed.clear()")
        sock = board.connect(21)
        sock.sendall(b"USER %s\r\n" % name.encode())
        receive(sock, b"331")
        start = time.monotonic()
        sock.sendall(b"PASS wrong\r\n")
        receive(sock, b"530")
        times[name] = time.monotonic() - start
    assert times["nobody"] > times["root"] / 4, times


def test_several_users_each_with_his_own_password(board):
    board = board()
    board.start("utelnetd")
    board.run("useradd -m bob; setauth bob pw pw")
    sessions = []
    for name, password in (("root", PASSWORD), ("bob", "pw")):
        sock = board.connect(23)
        sock.sendall(telnet.HELLO)
        telnet.login(sock, password, name)
        receive(sock, telnet.PROMPT)
        sessions.append(sock)
        assert telnet.command(sock, "whoami; pwd") == f"{name}\r\n/home{'/bob' if name == 'bob' else ''}"
    assert board.run("users")[0].split() == ["bob", "root", "root"]  # one of them is the console
    assert re.search(r"bob +telnet", board.run("who")[0])
    log = board.run("dmesg")[0]
    assert "bob is written" in log and "logged in as bob" in log
    sock = board.connect(23)
    telnet.login(sock, PASSWORD, "bob")
    receive(sock, b"Login incorrect")


def test_the_console_may_leave_while_others_are_in(board):
    """A service does not block a shutdown: its clients see the end of their connections."""
    board = board()
    board.start("utelnetd", auth=False)
    sock = telnet.open_session(board)
    board.console.send("exit\r")
    assert board.console.wait() == 0
    assert is_closed(sock)


# Data in the same packet as a connection, or after its reset, and unexpected addresses.
ODD = [os.urandom(2000), b"\r\n" * 3000, b"\0" * 5000, struct.pack(">I", 0xFFFFFFFF) * 100, b"GET / HTTP/1.1\r\n\r\n"]


def test_odd_first_words(board, service):
    board = board()
    board.start(service)
    user = come_in(board, service)
    for data in ODD:
        for end in (reset, socket.socket.close):
            sock = board.connect(SERVICES[service])
            sock.sendall(data)
            end(sock)
    board.wait(f"{service} status", "clients 1")
    assert is_alive(service, user)
    assert "Error:" not in board.run("dmesg")[0]
