# What crond shares with crontab and at: it stays as long as crond runs, so it is as little as can be.

TABLE = "/etc/crontab"
AT = "/var/at"

rebooted = False  # the entries @reboot have had their run
state = None  # the State of the crond that runs
edited = True  # the table is to be looked at for errors, also where its size and its time (in seconds) are the same


class State:
    """What crond remembers between two looks at its table."""

    woken = False  # a job, or the table, has changed
    started = None  # base.started[0] at the last look: the clock is set where it differs
    minute = None  # the last one whose entries have been run
    until = 0  # the second of the clock at which something is due
    stamp = None  # of the table
    timed = False  # an entry has times

    def __init__(self):
        self.due = {}  # (line, command) of an entry @every: ticks_ms of its next run
        self.running = {}  # key of an entry or a job: what it is called


def notify(table=False):
    """Tell crond that a job, or the table, has changed; False where it does not run."""
    global edited
    edited = edited or table
    if state:
        state.woken = True
    return state is not None


def attach(new):
    """crond begins with its State, or ends with None; returns it."""
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
    """The jobs of at: (seconds of the clock, number, path), the next one first."""
    import os

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
