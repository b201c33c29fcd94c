# The power supply and the reset line of the simulated board: messages to the program that holds the board.
#
# Each call of reset, soft_reset, off and cut is final, from any thread and at any depth: it never returns.

import time

cause = "power_on"  # why the board started: power_on, hard, wdt, soft or deepsleep
kept = ""  # what keep() gave before the last reset: memory that survives a reset, but not the power

frames = None  # (address, bytes) of the memory of a camera's frame buffers
ahead = 0  # seconds that the board's clock is ahead of the computer's

_pipe = None
_flash = None


def connect(fd, start_cause, start_kept, flash=None):
    """Set by the runtime before anything else runs."""
    global _pipe, _flash, cause, kept
    _pipe = open(fd, "wb")
    _flash = flash
    if flash:
        flash.power = _pipe
    cause = start_cause
    kept = start_kept


def flash():
    """The flash of the board."""
    return _flash


def flash_path():
    """The flash image's path on this computer; what else the chip remembers stands in files beside it."""
    return _flash.path


def reset(why="hard"):
    """Restart the board; why is the cause that the next start sees (hard, wdt or deepsleep)."""
    _final("reset " + why)


def soft_reset():
    """Restart the interpreter."""
    _final("reset soft")


def off(status=0):
    """End the simulation with this status."""
    _final("exit %d" % (status & 255))


def cut():
    """The power fails."""
    _final("cut")


def keep(text):
    """Hand a text to the next start after a reset."""
    global kept
    kept = text
    _pipe.write("keep %s\n" % repr(text))


def tell(line):
    """A line for the program that holds the board."""
    _pipe.write(line + "\n")


def world(path, value):
    """The world has changed, and is the same after a reset."""
    import json

    _pipe.write("world ")
    json.dump((path, value), _pipe)
    _pipe.write("\n")


def wait_ms(ms):
    """Wait while nothing else runs, not even the event loop: the kernel replaces time.sleep_ms."""
    time.sleep_ms(ms)


def _final(message):
    if _flash:
        # One write, so that no reader sees the end without the count.
        message = "writes %d\n%s" % (_flash.writes, message)
        _flash.dead = True
    _pipe.write(message + "\n")
    while True:
        try:
            time.sleep(60)
        except KeyboardInterrupt:
            pass
