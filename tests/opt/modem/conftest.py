"""A board with a simulated modem on its second serial line, and a web server on this computer."""

import pytest

from bin import peers

LINE = "atmodem -c 1 115200 4 5 modem0\n"
JOIN = LINE + 'atmodem \'AT+CWJAP="Diatom","frustule" 5\' >/dev/null\n'
WORLD = "> import simulator; W = lambda **k: [simulator.set('uart.1.modem.' + n, v) for n, v in k.items()]\n"


@pytest.fixture(scope="module")
def web():
    with peers.web() as server:
        yield server


@pytest.fixture
def esp(sim):
    """Callable: a script on a board whose modem has joined its network; world= as for --set."""

    def esp(script, start=JOIN, family="esp-at", world=(), **options):
        pairs = [f"uart.1.modem={family}", *(f"uart.1.modem.{pair}" for pair in world)]
        return sim(WORLD + start + script, set=pairs, **{"heap": "640k", **options})

    return esp
