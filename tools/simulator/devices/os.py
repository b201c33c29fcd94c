# os: the firmware's own, and what that of a board has besides (https://docs.micropython.org/en/latest/library/os.html).

import sys

from uos import *  # noqa: F403

sys.modules["uos"] = sys.modules["os"]

_streams = [None]


def uname():
    """What the firmware is, as a board tells it."""
    from collections import namedtuple

    import sim_machine
    import sim_port

    release = ".".join([str(part) for part in sys.implementation.version[:3]])
    version = "v%s on %s" % (release, sys.version.rsplit(" ", 1)[-1])
    fields = namedtuple("uname", ("sysname", "nodename", "release", "version", "machine"))
    return fields(
        sim_port.port(), sim_port.port(), release, version, sim_machine.NAMES.get(sim_port.board(), "Simulated board")
    )


def dupterm(stream, index=0):
    """Remember the stream and return the one before. Nothing is sent there: the terminal is that of this computer."""
    if index:
        raise ValueError("invalid dupterm index")
    before = _streams[0]
    _streams[0] = stream
    return before


def dupterm_notify(_):
    """Input has come for a stream of dupterm()."""
