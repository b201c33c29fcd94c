# Signals: their names, and what each does to a process (DESIGN section 4).

import asyncio

from micropython import const

from base.errors import Failure

_KILL = const(9)

NUMBERS = {
    "HUP": 1,
    "INT": 2,
    "QUIT": 3,
    "ILL": 4,
    "TRAP": 5,
    "ABRT": 6,
    "BUS": 7,
    "FPE": 8,
    "KILL": 9,
    "USR1": 10,
    "SEGV": 11,
    "USR2": 12,
    "PIPE": 13,
    "ALRM": 14,
    "TERM": 15,
    "CHLD": 17,
    "CONT": 18,
    "STOP": 19,
    "TSTP": 20,
    "TTIN": 21,
    "TTOU": 22,
    "URG": 23,
    "WINCH": 28,
}


def number(name):
    """The number for "TERM", "SIGTERM", "term" or "15"; Failure where there is no such signal."""
    if name.isdigit():
        return int(name)
    name = name.upper()
    value = NUMBERS.get(name[3:] if name.startswith("SIG") else name)
    if value is None:
        raise Failure(name, "invalid signal specification")
    return value


def name(value):
    """The name for a number, without SIG."""
    for key in NUMBERS:
        if NUMBERS[key] == value:
            return key
    return str(value)


def deliver(process, signal):
    """Do to process what signal means. Signal 0 only asks whether the process is there."""
    if process.status is not None or signal == 0:
        return
    if signal in (19, 20, 21, 22):
        process.stopped = True
        process.sts = "H"
        if process.exited:  # who waits for it looks again
            process.exited.set()
            process.exited = None
        return
    if process.stopped:
        process.stopped = False
        process.sts = "R"
        if process.continued:
            process.continued.set()
            process.continued = None
    if signal == 18:
        return
    if signal != _KILL and process.trap and process.trap(signal):
        return
    if signal in (17, 23, 28):
        return
    process.signal = signal
    process.sts = "S"
    if process.thread:  # a thread can only be asked, but not a coroutine that it has running on the loop
        if process.thread.task:
            process.thread.task.cancel()
        return
    if process.main or not process.task:  # it has not begun
        if process.task:
            process.task.cancel()
        process.end(128 + signal)
        return
    if process.waits:
        process.waits[-1].cancel()
        return
    for task in process.tasks or ():
        if task is not asyncio.core.cur_task:
            task.cancel()
    if process.task is asyncio.core.cur_task:
        raise SystemExit(128 + signal)  # it sent the signal to itself
    process.task.cancel()
