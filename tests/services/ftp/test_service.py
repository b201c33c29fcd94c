"""ftpd as a service: start, stop, and its limits."""

import ftplib
import os
import re
import threading
import time

import pytest

from services.clients import growth, is_closed
from services.ftp.talk import client, get, put, refused

LEAK = 1500  # bytes in 100 rounds


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


def test_an_idle_client_is_told_and_closed(board):
    board = board()
    board.start("uftpd", ftpd={"idle": 1})
    with client(board) as ftp:
        with pytest.raises(ftplib.error_temp, match="421"):
            ftp.getresp()
        assert is_closed(ftp.sock)


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
            assert "Transfer in progress" in slow.sendcmd("STAT")
            sock.sendall(b" and done")
        assert slow.getresp().startswith("226")
        assert get(quick, "/home/x") == b"begun and done"


@pytest.mark.slow
def test_starting_and_stopping_leaves_nothing(open_ftpd):
    ftpd = open_ftpd

    def rounds(count):
        for _ in range(count):
            assert ftpd.run("uftpd stop; uftpd start")[1] == 0
            with client(ftpd) as ftp:
                put(ftp, "/home/x", b"x")
        ftpd.run("uftpd stop")
        heap = min([ftpd.heap() for _ in range(3)])  # what has just ended may wait in a queue
        ftpd.run("uftpd start")
        return heap

    before = rounds(100)  # by then the log in memory is as long as it gets
    assert growth(lambda: rounds(100), before, LEAK) < LEAK
