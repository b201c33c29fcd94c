# The watchdog resets the board unless it is fed in time. Once started it cannot be stopped.

import asyncio
import sys

import base
from base.errors import Failure

dog = None
_feeder = None


def start(seconds):
    """Start it; Failure if the board has none, or does not support the timeout."""
    global dog
    try:
        from machine import WDT
    except ImportError:
        raise Failure("", "this system has no watchdog")
    try:
        dog = WDT(timeout=int(seconds * 1000))
        recovery = sys.modules.get("recovery")
        if recovery:
            recovery.release()  # the trial of an update must not feed it any more
    except (ValueError, OSError) as e:
        raise Failure(f"{seconds:g} s", str(e) or "timeout out of range")


def feed():
    """Feed it; Failure if it has not been started: feeding would start it with a default timeout."""
    if not dog:
        raise Failure("", "the watchdog is not running")
    dog.feed()


def feed_always(seconds):
    """Feed it from the event loop: the board is reset if the loop hangs."""
    global _feeder
    if not _feeder:
        _feeder = base.schedule(_feed(int(seconds * 1000) // 3))


async def _feed(pause):
    while True:
        dog.feed()
        await asyncio.sleep_ms(pause)
