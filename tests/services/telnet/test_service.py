"""telnetd as a service: start, stop, and its limits."""

import re
import socket

import pytest
from harness import PATIENCE

from services.clients import growth, is_closed, receive
from services.telnet.talk import HELLO, PROMPT, command, open_session

LEAK = 1500  # bytes in 125 rounds


def test_it_refuses_to_start_without_a_password_and_says_how_to_set_one(board):
    board = board()
    output, status = board.run("utelnetd start")
    assert status == 1 and "passwd" in output
    with pytest.raises(ConnectionRefusedError):
        board.connect(23)


def test_it_is_a_process_and_ends_like_one(telnetd):
    assert re.search(r"\btelnetd\n", telnetd.run("ps")[0])
    assert "running" in telnetd.run("utelnetd status")[0]
    output, status = telnetd.run("utelnetd start")
    assert status == 1 and "already running" in output
    telnetd.run("killall telnetd")
    telnetd.wait("utelnetd status", "not running")
    with pytest.raises(ConnectionRefusedError):
        telnetd.connect(23)
    assert telnetd.run("utelnetd stop")[1] == 1
    assert telnetd.run("utelnetd start; utelnetd restart; utelnetd status")[1] == 0


def test_stop_ends_the_sessions(telnetd):
    sock = open_session(telnetd)
    sock.sendall(b"sleep 100\r\0")
    telnetd.wait("ps", "sleep 100")
    assert telnetd.run("utelnetd stop")[1] == 0
    assert is_closed(sock)
    telnetd.wait("ps | grep -c 'sleep 10[0]'; true", "0")


def test_a_port_in_use_is_an_error_message(board):
    board = board()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", board.port(23)))
        taken.listen()
        board.configure(auth="none")
        output, status = board.run("utelnetd start")
    assert status == 1 and "Address already in use" in output


def test_too_many_sessions_are_told_so(board):
    board = board()
    board.start("utelnetd", auth=False, telnetd={"sessions": 2})
    open_sessions = [open_session(board) for _ in range(2)]
    third = board.connect(23)
    assert b"Too many" in receive(third, b"\r\n")
    open_sessions[0].close()
    board.wait("utelnetd status", "clients 1")
    open_session(board)


def test_an_idle_session_is_told_and_closed(board):
    board = board()
    board.start("utelnetd", auth=False, telnetd={"idle": 1})
    sock = open_session(board)
    assert b"Timed out" in receive(sock, b"Timed out")
    assert is_closed(sock)


def test_more_sessions_than_memory_are_refused_and_the_others_live(board):
    board = board()
    board.start("utelnetd", auth=False, telnetd={"sessions": 100})
    open_ones = []
    refused = b""
    while not refused:
        assert len(open_ones) < 60
        sock = board.connect(23)
        sock.sendall(HELLO)
        sock.settimeout(PATIENCE)
        if b"Out of memory" in sock.recv(300, socket.MSG_PEEK):
            refused = sock.recv(300)
            assert b"e.g. telnetd (service stop telnetd)" in refused  # whose clients hold most
        else:
            receive(sock, PROMPT)
            open_ones.append(sock)
    assert len(open_ones) > 3
    for sock in open_ones:
        assert command(sock, "echo $((6*7)) | cat") == "42"
    assert board.run("echo here | cat")[0] == "here\n"
    while len(open_ones) > 2:
        open_ones.pop().close()
    board.wait("utelnetd status", f"clients {len(open_ones)}")
    open_session(board)


@pytest.mark.slow
def test_starting_and_stopping_leaves_nothing(telnetd):
    def rounds(count):
        for _ in range(count):
            telnetd.run("utelnetd stop; utelnetd start")
            sock = open_session(telnetd)
            sock.sendall(b"true\r\0")
            sock.close()
        telnetd.run("utelnetd stop")
        telnetd.wait("ps | grep -c '127.0.0[.]1'; true", "0\n")
        heap = telnetd.heap()
        telnetd.run("utelnetd start")
        return heap

    rounds(150)  # by then the log in memory is as long as it gets, and what is loaded once and stays is there
    before = min(rounds(25), rounds(25))  # one of them may still see what the last session leaves to be collected
    assert growth(lambda: min(rounds(100), rounds(25)), before, LEAK) < LEAK
