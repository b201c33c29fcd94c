# crond - run commands at scheduled times
# usage: crond
#
# Runs the entries of /etc/crontab and the jobs of `at`. Start it as a service: service start crond; service enable crond.
# Each run is one line of the log, with its status and the first line of its output. Invalid lines are reported in the
# log; the others run. Runs missed during sleep or after an orderly shutdown are made up for once, as soon as possible;
# those that a clock skips when it is set are not. See crontab for the format, and `service logs crond`.

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

import base
from base.clock import now
from base.modules import unload
from services import cron

proc = None

STEP_MS = 1000  # interval of looking at the clock, which may be set
KEEP_MS = 3000  # modules needed again within this time stay loaded
AGAIN_MS = 5000  # pause after a MemoryError


async def __main__(args):
    check(args)
    if cron.state:
        proc.complain("", "already running")
        return 1
    state = cron.attach(cron.State())
    try:
        while True:
            try:
                wait = work("turn", state)
            except MemoryError:  # wait for other processes to end
                wait, state.until = AGAIN_MS, now() + AGAIN_MS
            await sleep(state, wait)
    finally:
        cron.attach(None)
        if state.timed:
            work("save", state.minute)


def check(args):
    from program import options  # late, and not in the frame of __main__, which lives as long as crond

    options(args, "", most=0)


def work(name, argument):
    """Call a function of services.cronrun and unload the module, unless it is needed again soon."""
    from services import cronrun  # late: with the first table

    result = getattr(cronrun, name)(argument)
    if not result or result > KEEP_MS:
        for name in ("cronrun", "crontab"):
            unload("services." + name)
        unload("base.dates")
    return result


async def sleep(state, wait):
    """Wait until an entry is due, the table or a job has changed, or the clock has been set."""
    end = ticks_add(ticks_ms(), wait)
    while (left := ticks_diff(end, ticks_ms())) > 0 and not state.woken:
        if base.started[0] != state.started or now() >= state.until:
            break
        await asyncio.sleep_ms(min(left, STEP_MS))
