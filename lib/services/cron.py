# The state that crond shares with crontab and at. Resident while crond runs, so it is small.

import os

TABLE = "/etc/crontab"
AT = "/var/at"

rebooted = False  # the @reboot entries have run
state = None  # the State of the running crond
edited = True  # report errors of the table again, even if its size and its time (in seconds) are unchanged


class State:
    """The state of crond between two reads of its table."""

    woken = False  # a job, or the table, has changed
    started = None  # base.started[0] at the last turn: a change means that the clock has been set
    minute = None  # the last minute whose entries have been run
    until = 0  # the second of the clock at which the next entry is due
    stamp = None  # size and times of the table
    timed = False  # an entry has time fields

    def __init__(self):
        self.due = {}  # (line, command) of an entry @every: ticks_ms of its next run
        self.running = {}  # key of an entry or a job: its title


def notify(table=False):
    """Notify crond that a job, or the table, has changed; False if it is not running."""
    global edited
    edited = edited or table
    if state:
        state.woken = True
    return state is not None


def attach(new):
    """Set the State of a starting crond, or None at its end; returns it."""
    global state
    state = new
    return state


def was_edited():
    """True once after the table was changed by crontab."""
    global edited
    before, edited = edited, False
    return before


def first_start():
    """True for the first crond since boot."""
    global rebooted
    before, rebooted = rebooted, True
    return not before


def jobs():
    """The jobs of at, sorted by time: (seconds of the clock, number, path)."""
    found = []
    try:
        names = os.listdir(AT)
    except OSError:
        names = ()
    for name in names:
        when, _, number = name.partition(".")
        if when.isdigit() and number.isdigit():
            found.append((int(when), int(number), AT + "/" + name))
    found.sort()
    return found
