# The watchdog: it resets the board when nobody has fed it in time. Once started it cannot be stopped.

import asyncio
import sys

import base
from base.errors import Failure

dog = None
_feeder = None


def start(seconds):
    """Start it; Failure where the board has none, or the time is none for it."""
    global dog
    try:
        from machine import WDT
    except ImportError:
        raise Failure("", "this system has no watchdog")
    try:
        dog = WDT(timeout=int(seconds * 1000))
        recovery = sys.modules.get("recovery")
        if recovery:
            recovery.release()  # the trial of an update, or what is left of one, feeds it no more
    except (ValueError, OSError) as e:
        raise Failure(f"{seconds:g} s", str(e) or "timeout out of range")


def feed():
    """Start the time anew; Failure where nobody has started it, since that would start it with a time of its own."""
    if not dog:
        raise Failure("", "the watchdog is not running")
    dog.feed()


def feed_always(seconds):
    """Feed it from the event loop: the board is reset when that stands still."""
    global _feeder
    if not _feeder:
        _feeder = base.schedule(_feed(int(seconds * 1000) // 3))


async def _feed(pause):
    while True:
        dog.feed()
        await asyncio.sleep_ms(pause)
