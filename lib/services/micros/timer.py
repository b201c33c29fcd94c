# Runs the entries of crontasks while the setting cron is true; a kernel task of the service.

import asyncio

from micropython import const

import base
from base import config, log
from base.clock import now
from services.micros import settings

_TURN = const(60)  # seconds after which the settings are read again
_STEP_MS = const(100)  # how exactly a second is met
_LEAD_MS = const(1000)


def place():
    """(latitude, longitude) of the board in degrees, None where they are not set."""
    try:
        return float(settings.get("latitude")), float(settings.get("longitude"))
    except ValueError:
        return None


async def run():
    """Run what is due, until the task is cancelled."""
    from services.micros import commands  # late: only with entries

    last = now()
    started = base.started[0]
    wanted = due = None
    calls = []
    while True:
        read = settings.get("crontasks"), config.get("env", {}).get("TZ", "0"), place()
        if read != wanted:
            complain(read[0])
        if read != wanted or due is None or due <= last:  # computing it takes a while on a board
            wanted = read
            due, calls = upcoming(last, *read)
        await until(min(due or last + _TURN, last + _TURN))
        time = now()
        if base.started[0] != started:  # the clock has been set: what lies between is neither late nor due again
            started = base.started[0]
            last = time
            due = None
        elif due and due <= time:
            last = due
            for call in calls:
                commands.pipe(call)
        else:
            last = max(last, min(time, last + _TURN))


def complain(text):
    """Log what is wrong with entries."""
    from services.micros import schedule  # late: as above

    for why in schedule.entries(text)[1]:
        log.note("micros", "crontasks: " + why, log.WARNING)


def upcoming(after, text, zone, where):
    """(the next moment at which entries are due or None, their calls)."""
    from services.micros import schedule  # late: as above

    first, calls = None, []
    for entry in schedule.entries(text)[0]:
        t = entry.next(after, zone, where)
        if t is not None and (first is None or t < first):
            first, calls = t, []
        if t is not None and t == first:
            calls.append(entry.call)
    return first, calls


async def until(moment):
    """Wait for a second of the clock, also where it is set meanwhile."""
    started = base.started[0]
    ahead = (moment - now()) * 1000 - _LEAD_MS
    while ahead > 0 and base.started[0] == started:
        await asyncio.sleep_ms(min(ahead, _TURN * 1000))
        ahead = (moment - now()) * 1000 - _LEAD_MS
    while now() < moment and base.started[0] == started:
        await asyncio.sleep_ms(_STEP_MS)
