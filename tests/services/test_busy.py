"""A busy board: all services with a client each, a console and a script at the same time (tools/bench runs it longer)."""

import re
import shutil
import time

import pytest
from harness import wait_until

from benchmarks import busy
from benchmarks.simulation import Simulator
from services import browser
from simulator import budgets

pytestmark = pytest.mark.slow(25)

SECONDS = 12


@pytest.fixture
def board(require):
    require("lftp")
    next(filter(shutil.which, browser.NAMES), None) or require("chromium")
    simulator = Simulator()
    board = busy.Board(busy.words(simulator, budgets.DEFAULT, "romfs"))
    try:
        board.start()
        yield board
    finally:
        board.close()
        simulator.close()


def test_everybody_is_served_and_no_shell_of_a_closed_page_stays(board):
    everybody = busy.load(board, SECONDS)
    assert busy.complaints(board, everybody) == []
    for user in everybody:
        assert user.waits and sum(wait > busy.LATE for wait in user.waits) <= len(user.waits) / 100, user.name
    left = time.monotonic()
    wait_until(lambda: not re.search(r"\bsh 127\.0\.0\.1", board.run("ps")[0]), "the shell of the closed page ends")
    assert time.monotonic() - left < 30
    assert set(busy.SERVICES) - {"wifi"} <= set(re.findall(r"\w+", board.run("ps")[0]))
