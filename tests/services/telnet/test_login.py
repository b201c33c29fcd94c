"""Logins over telnet, and their delays."""

import threading
import time

from harness import PATIENCE

from services.clients import PASSWORD, is_closed, receive
from services.telnet.talk import PROMPT, login


def test_three_wrong_passwords_end_the_connection(board):
    board = board()
    board.start("utelnetd")
    sock = board.connect(23)
    for name in ("root", "nobody", "root"):
        login(sock, "wrong", name)
    receive(sock, b"Login incorrect")
    assert is_closed(sock)
    assert "wrong password for nobody" in board.run("dmesg")[0]


def test_every_failure_makes_the_next_attempt_slower(board):
    board = board()
    board.start("utelnetd")
    sock = board.connect(23)
    times = []
    for _ in range(3):
        login(sock, "wrong")
        start = time.monotonic()
        receive(sock, b"incorrect")
        times.append(time.monotonic() - start)
    assert times[1] > times[0] and times[2] > 0.8, times
    other = board.connect(23)  # the delay is that of the address, not of the connection
    start = time.monotonic()
    login(other, PASSWORD)
    receive(other, PROMPT)
    assert time.monotonic() - start > 1


def test_attempts_in_parallel_are_no_quicker(board):
    board = board()
    board.start("utelnetd")
    answers = []

    def attempt():
        try:
            with board.connect(23) as sock:
                login(sock, "wrong")
                answers.append(receive(sock, b"incorrect"))
        except (OSError, AssertionError):
            pass

    start = time.monotonic()
    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    while len(answers) < 4:
        assert time.monotonic() - start < PATIENCE
        time.sleep(0.05)
    assert time.monotonic() - start > 0.5 + 1 + 2
    board.run("utelnetd stop")
    for thread in threads:
        thread.join()
