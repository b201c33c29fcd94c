# crond - run commands at their times
# usage: crond
#
# Runs what /etc/crontab says, and the jobs of `at`. Start it as a service: service start crond; service enable crond.
# Each run is one line of the log, with its status and the first line of its output. A line that makes no sense is
# named in the log, and the others run. What was missed while the system slept, or was shut down in order, runs once
# as soon as possible; what a clock leaps over when it is set does not run. See crontab for the form of the lines, and
# `service logs crond`.

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

import base
from base.clock import now
from base.modules import unload
from services import cron

proc = None

STEP_MS = 1000  # between two looks at the clock, which may be set
KEEP_MS = 3000  # what is used again so soon stays loaded
AGAIN_MS = 5000  # after a look for which there was no memory


async def __main__(args):
    check(args)
    if cron.state:
        proc.complain("", "is running already")
        return 1
    state = cron.attach(cron.State())
    try:
        while True:
            try:
                wait = work("turn", state)
            except MemoryError:  # somebody else will end
                wait, state.until = AGAIN_MS, now() + AGAIN_MS
            await rest(state, wait)
    finally:
        cron.attach(None)
        if state.timed:
            work("save", state.minute)


def check(args):
    from program import options  # late, and not in a frame that lives as long as crond

    options(args, "", most=0)


def work(name, argument):
    """A function of services.cronrun, which is loaded for it."""
    from services import cronrun

    result = getattr(cronrun, name)(argument)
    if not result or result > KEEP_MS:
        for name in ("cronrun", "crontab"):
            unload("services." + name)
        unload("base.dates")
    return result


async def rest(state, wait):
    """Wait until something is due, has changed, or the clock has been set."""
    end = ticks_add(ticks_ms(), wait)
    while (left := ticks_diff(end, ticks_ms())) > 0 and not state.woken:
        if base.started[0] != state.started or now() >= state.until:
            break
        await asyncio.sleep_ms(min(left, STEP_MS))
