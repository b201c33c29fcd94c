"""Boards that run telnetd."""

import pytest


@pytest.fixture
def telnetd(board):
    """A board with a telnetd that asks for no password."""
    board = board()
    board.start("utelnetd", auth=False)
    return board
