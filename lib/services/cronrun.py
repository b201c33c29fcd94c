# The work of crond: run what is due, and compute when the next entry is due. Unloaded between two turns.

import asyncio
import os
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

import base
from base import dates, log
from base.clock import now
from base.errors import reason
from process import cpu, find
from process.process import Process
from process.stream import Stream
from services import cron, crontab

NAME = "crond"
SAVED = "/var/crond"  # the time of the last stop
_JOBS_MAX = const(4)  # runs at a time
_OUTPUT_MAX = const(80)  # characters of a run's output in the log
_BACK_MAX = const(180)  # minutes: if the clock is set back by less, nothing runs until that time has passed again
_MISSED_MAX = const(44640)  # minutes, 31 days: a longer gap means that the clock was set
_AHEAD = const(60)  # minutes until the next turn at most


class Output(Stream):
    """Keeps the first line of a run's output."""

    def __init__(self):
        super().__init__()
        self.data = b""

    def write(self, data):
        if len(self.data) < _OUTPUT_MAX:
            data = data.encode() if isinstance(data, str) else bytes(data)
            self.data = (self.data + data).lstrip()[:_OUTPUT_MAX]

    def line(self):
        return "".join([chr(c) for c in self.data.split(b"\n")[0] if c < 127])


def turn(state):
    """Start what is due; returns the milliseconds until the next turn, or until state.until, whichever is earlier."""
    state.woken = False
    passed = passed_minutes(state)
    entries = read(state)
    if cron.first_start():
        for entry in entries:
            if entry.reboot:
                begin(state, entry)
    if passed > 0:
        for entry in entries:
            if entry.sets:
                minute = local(entry)
                due = entry.last(minute - passed, minute)
                if due is not None:
                    begin(state, entry, minute - due)
    wait = run_every(state, entries)
    state.until = run_jobs(state)
    for entry in entries:
        if entry.sets:
            minute = local(entry)
            ahead = entry.first(minute, minute + _AHEAD) - minute
            state.until = min(state.until, (now() // 60 + ahead) * 60)
    return min(wait, (state.until - now()) * 1000)


def passed_minutes(state):
    """The number of minutes since the last turn whose entries must run."""
    if state.minute is None:
        state.minute = saved(now() // 60)
        state.started = base.started[0]
    ahead = base.started[0] - state.started  # seconds that the clock was set ahead, without those of sleep
    state.started = base.started[0]
    if 60 <= ahead <= _MISSED_MAX * 60:
        state.minute += now() // 60 - (now() - ahead) // 60
        about = (ahead + 30) // 60
        log.note(NAME, f"the clock was set {about} minutes ahead; entries due in between are skipped", log.NOTICE)
    passed = now() // 60 - state.minute
    if passed > _MISSED_MAX or passed < -_BACK_MAX:
        log.note(NAME, "the clock has been set; missed runs are skipped", log.NOTICE)
        passed = 1
        state.minute = now() // 60
    elif passed > 0:
        state.minute += passed
    return passed


def read(state):
    """The entries of the table; errors in a changed table go to the log."""
    entries = []
    try:
        stamp = os.stat(cron.TABLE)[6:]
    except OSError:
        stamp = ()
    reported = not cron.was_edited() and stamp == state.stamp
    state.stamp = stamp
    try:
        if stamp:
            with open(cron.TABLE) as file:
                for found in crontab.parse(file):
                    if not isinstance(found, tuple):
                        entries.append(found)
                    elif not reported:
                        log.note(NAME, f"{cron.TABLE}: line {found[0]}: {found[1]}", log.ERR)
    except (OSError, UnicodeError) as e:
        log.note(NAME, f"{cron.TABLE}: {reason(e)}", log.ERR)
    state.timed = any(entry.sets for entry in entries)
    return entries


def local(entry):
    """The current minute in the local time of an entry."""
    return (now() + dates.offset(entry.env.get("TZ") or cpu.current.getenv("TZ"))) // 60


def run_every(state, entries):
    """Run the @every entries that are due; returns the milliseconds until the next one."""
    least = _AHEAD * 60000
    old, state.due = state.due, {}
    for entry in entries:
        if not entry.every:
            continue
        key = entry.number, entry.command
        due = old.get(key)
        if due is None:
            due = ticks_add(ticks_ms(), entry.every * 1000)
        left = ticks_diff(due, ticks_ms())
        if left <= 0:
            rounds = -left // (entry.every * 1000) + 1  # missed runs are made up for once
            due = ticks_add(due, rounds * entry.every * 1000)
            begin(state, entry)
            left = ticks_diff(due, ticks_ms())
        state.due[key] = due
        least = min(least, left)
    return max(least, 0)


def run_jobs(state):
    """Run the jobs of at that are due; returns the second of the next one."""
    for when, number, path in cron.jobs():
        if when > now():
            return min(when, now() + _AHEAD * 60)
        try:
            with open(path) as file:
                command = file.read()
            remove(path)
        except (OSError, UnicodeError) as e:
            log.note(NAME, f"at job {number}: {reason(e)}", log.ERR)
            continue
        start(state, "at job " + str(number), command, {}, command.strip().rpartition("\n")[2])
    return now() + _AHEAD * 60


def remove(path):
    from base.files import unlink  # late: jobs are rare

    unlink(path)


def begin(state, entry, late=0):
    missed = f" ({late} minutes late)" if late else ""
    start(state, f"line {entry.number}", entry.command, entry.env, entry.command + missed)


def start(state, key, command, env, title):
    """Run a command; if it cannot start, the log has the reason."""
    if key in state.running:
        log.note(NAME, f"{key}: {title}: still running, not started again", log.WARNING)
    elif len(state.running) >= _JOBS_MAX:
        log.note(NAME, f"{key}: {title}: not started: {_JOBS_MAX} others are running", log.WARNING)
    else:
        state.running[key] = title
        asyncio.create_task(run(state, key, command, env, title))


async def run(state, key, command, env, title):
    began = ticks_ms()
    output = Output()
    crond = cpu.current
    try:
        process = Process("sh", ["-c", command], crond, Stream(), output, output.dup())
        process.env = crond.env.copy()
        process.env.update(env)
        process.cwd = str(process.env.get("HOME", "/"))
        process.start(find.find("sh", crond))
        status = await process.wait()
        seconds = ticks_diff(ticks_ms(), began) / 1000
        text = f"{key}: {title}: status {status}, {seconds:.1f} s"
        if output.data:
            text += ": " + output.line()
        log.note(NAME, text, log.WARNING if status else log.INFO)
    except Exception as e:
        log.note(NAME, f"{key}: {title}: {reason(e)}", log.ERR)
    finally:
        state.running.pop(key)


def saved(minute):
    """Read and remove the saved minute of the last stop; the default is `minute`."""
    try:
        with open(SAVED) as file:
            found = int(file.read())
        remove(SAVED)
        return found
    except (OSError, ValueError):
        return minute


def save(minute):
    """Save the minute of the stop."""
    from base.files import replace  # late: only to save

    try:
        replace(SAVED, str(minute))
    except OSError:
        pass
