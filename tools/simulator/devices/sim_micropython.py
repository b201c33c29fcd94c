# micropython: the firmware's own, and what that of a board has besides. sim_boot puts it in place.

from micropython import *  # noqa: F403


def alloc_emergency_exception_buf(size):
    """Take memory for exceptions in interrupts: the unix port has it always."""
