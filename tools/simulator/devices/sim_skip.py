# Time that is skipped: while time.skip is true, the board does not wait where it has nothing to do but to wait.
#
# The event loop looks at its sockets, and if none is ready the board's time jumps to the next moment at which something
# is due. A day passes in a minute or two. Only for what happens on the board itself: a client on this computer would
# find that hours pass between two of its packets. Watchdogs and machine.Timer keep the computer's time.

import time
from asyncio import core

import power
import utime

import simulator

_PATH = "time.skip"

_skipped = 0  # milliseconds
_skipping = False


class _Poller:
    """What the event loop waits with."""

    def __init__(self, poller):
        self._poller = poller
        self.register = poller.register
        self.modify = poller.modify
        self.unregister = poller.unregister

    def ipoll(self, ms=-1):
        if not _skipping or ms <= 0:
            return self._poller.ipoll(ms)
        ready = self._poller.poll(0)
        if not ready:
            _skip(ms)
        return ready


def _skip(ms):
    global _skipped
    _skipped += ms
    power.ahead += ms / 1000


def _ticks_ms():
    return utime.ticks_add(utime.ticks_ms(), _skipped)


def _ticks_us():
    return utime.ticks_add(utime.ticks_us(), _skipped * 1000)


def _changed(path, value):
    global _skipping
    _skipping = value is True


def follow():
    """Let the world decide when time is skipped. To be called before the system loads its modules."""
    time.ticks_ms, time.ticks_us = _ticks_ms, _ticks_us
    core.ticks = _ticks_ms
    core._io_queue.poller = _Poller(core._io_queue.poller)
    _changed(_PATH, simulator.get(_PATH))
    simulator.on(_PATH, _changed)
