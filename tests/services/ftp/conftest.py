"""Boards that run ftpd, and a client that has logged in."""

import pytest

from services.ftp.talk import client


@pytest.fixture
def ftpd(board):
    """A board with an ftpd that wants the password of root."""
    board = board()
    board.start("uftpd")
    return board


@pytest.fixture
def open_ftpd(board):
    """A board with an ftpd that asks for no password."""
    board = board()
    board.start("uftpd", auth=False)
    return board


@pytest.fixture
def ftp(ftpd):
    with client(ftpd) as ftp:
        yield ftp
