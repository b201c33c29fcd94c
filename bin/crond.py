# crond - run commands at their times
# usage: crond
#
# Runs what /etc/crontab says, and the jobs of `at`. Start it as a service: service start crond; service enable crond.
# Each run is one line of the log, with its status and the first line of its output. A line that makes no sense is
# named in the log, and the others run. What was missed while the system slept, or was shut down in order, runs once
# as soon as possible; what a clock leaps over when it is set does not run. See crontab for the form of the lines, and
# `service logs crond`.

import asyncio
import os
from time import ticks_add, ticks_diff, ticks_ms

import base
from base import dates, files, log
from base.clock import now
from base.errors import reason
from process import find
from process.process import Process
from process.stream import Stream
from program import options
from services import cron

proc = None

NAME = "crond"
SAVED = "/var/crond"  # the time of the last stop
JOBS_MAX = 4  # runs at a time
OUTPUT_MAX = 80  # characters of a run's output in the log
BACK_MAX = 180  # minutes: a clock that is set back less waits until it is there again


class Output(Stream):
    """The first line of what a run writes."""

    def __init__(self):
        super().__init__()
        self.data = b""

    def write(self, data):
        if len(self.data) < OUTPUT_MAX:
            data = data.encode() if isinstance(data, str) else bytes(data)
            self.data = (self.data + data).lstrip()[:OUTPUT_MAX]

    def line(self):
        return "".join([chr(c) for c in self.data.split(b"\n")[0] if c < 127])


class Crond:
    """The tables, and what runs."""

    def __init__(self):
        self.entries = []
        self.due = []  # ticks_ms for each entry: the next run of @every
        self.stamp = None  # of the table
        self.running = {}  # key of an entry or a job: what it is called

    def load(self):
        """Read the table where it has changed."""
        try:
            stamp = os.stat(cron.TABLE)[6:]
        except OSError:
            stamp = ()
        if not cron.was_edited() and stamp == self.stamp:
            return
        self.stamp = stamp
        old = {(entry.number, entry.command): due for entry, due in zip(self.entries, self.due)}  # noqa: B905
        self.entries = []
        try:
            if stamp:
                with open(cron.TABLE) as file:
                    for found in cron.parse(file):
                        if isinstance(found, tuple):
                            log.note(NAME, f"{cron.TABLE}: line {found[0]}: {found[1]}", log.ERR)
                        else:
                            self.entries.append(found)
        except (OSError, UnicodeError) as e:
            log.note(NAME, f"{cron.TABLE}: {reason(e)}", log.ERR)
        now = ticks_ms()
        self.due = [
            old.get((entry.number, entry.command), ticks_add(now, entry.every * 1000)) for entry in self.entries
        ]

    def local(self, entry=None):
        """The minute it is for an entry: local time."""
        zone = entry and entry.env.get("TZ") or proc.getenv("TZ")
        return (now() + dates.offset(zone)) // 60

    def run_every(self):
        """Run the entries @every that are due; returns the milliseconds to the next one."""
        least = 60000
        for i in range(len(self.entries)):
            entry = self.entries[i]
            if not entry.every:
                continue
            left = ticks_diff(self.due[i], ticks_ms())
            if left <= 0:
                rounds = -left // (entry.every * 1000) + 1  # what was missed runs once
                self.due[i] = ticks_add(self.due[i], rounds * entry.every * 1000)
                self.begin(entry)
                left = ticks_diff(self.due[i], ticks_ms())
            least = min(least, left)
        return max(least, 0)

    def run_times(self, passed):
        """Run the entries that were due in the last minutes, passed at most, each of them once."""
        for entry in self.entries:
            if entry.sets:
                minute = self.local(entry)
                due = entry.last(minute - passed, minute)
                if due is not None:
                    self.begin(entry, minute - due)

    def run_jobs(self):
        """Run the jobs of at that are due; returns the milliseconds to the next one."""
        for when, number, path in cron.jobs():
            if when > now():
                return (when - now()) * 1000
            try:
                with open(path) as file:
                    command = file.read()
                files.unlink(path)
            except (OSError, UnicodeError) as e:
                log.note(NAME, f"at job {number}: {reason(e)}", log.ERR)
                continue
            self.start("at job " + str(number), command, {}, command.strip().rpartition("\n")[2])
        return 60000

    def begin(self, entry, late=0):
        missed = f" ({late} minutes late)" if late else ""
        self.start(f"line {entry.number}", entry.command, entry.env, entry.command + missed)

    def start(self, key, command, env, title):
        """Run a command; one line of the log says why it does not run."""
        if key in self.running:
            log.note(NAME, f"{key}: {title}: still running, not started again", log.WARNING)
        elif len(self.running) >= JOBS_MAX:
            log.note(NAME, f"{key}: {title}: {JOBS_MAX} others are running, not started", log.WARNING)
        else:
            self.running[key] = title
            asyncio.create_task(self.run(key, command, env, title))

    async def run(self, key, command, env, title):
        began = ticks_ms()
        output = Output()
        try:
            process = Process("sh", ["-c", command], proc, Stream(), output, output.dup())
            process.env = proc.env.copy()
            process.env.update(env)
            process.cwd = str(process.env.get("HOME", "/"))
            process.start(find.find("sh", proc))
            status = await process.wait()
            seconds = ticks_diff(ticks_ms(), began) / 1000
            text = f"{key}: {title}: status {status}, {seconds:.1f} s"
            if output.data:
                text += ": " + output.line()
            log.note(NAME, text, log.WARNING if status else log.INFO)
        except Exception as e:
            log.note(NAME, f"{key}: {title}: {reason(e)}", log.ERR)
        finally:
            self.running.pop(key)


def saved(minute):
    """The minute of the last stop, which is forgotten; minute where it is not known."""
    try:
        with open(SAVED) as file:
            found = int(file.read())
        files.unlink(SAVED)
        return found
    except (OSError, ValueError):
        return minute


async def __main__(args):
    _, words = options(args, "")
    if cron.changed:
        proc.complain("", "is running already")
        return 1
    changed = cron.attach(True)
    crond = Crond()
    try:
        crond.load()
        minute = saved(now() // 60)
        started = base.started[0]
        if cron.first_start():
            for entry in crond.entries:
                if entry.reboot:
                    crond.begin(entry)
        while True:
            ahead = base.started[0] - started  # seconds that the clock was set, which is no sleep
            started = base.started[0]
            if 60 <= ahead <= cron.MISSED_MAX * 60:
                minute += now() // 60 - (now() - ahead) // 60
                about = (ahead + 30) // 60
                log.note(
                    NAME, f"the clock was set {about} minutes ahead; what these had is not made up for", log.NOTICE
                )
            passed = now() // 60 - minute
            if passed > cron.MISSED_MAX or passed < -BACK_MAX:
                log.note(NAME, "the clock has been set; nothing that was missed is made up for", log.NOTICE)
                passed = 1
                minute = now() // 60
            elif passed > 0:
                minute += passed
            crond.load()
            if passed > 0:
                crond.run_times(passed)
            wait = min(crond.run_every(), crond.run_jobs(), (60 - now() % 60) * 1000)
            changed.clear()
            try:
                await asyncio.wait_for_ms(changed.wait(), wait + 1)
            except asyncio.TimeoutError:
                pass
    finally:
        cron.attach(False)
        if any(entry.sets for entry in crond.entries):
            try:
                files.replace(SAVED, str(minute))
            except OSError:
                pass
