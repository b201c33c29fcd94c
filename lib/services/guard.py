# Authentication by password, with a delay that grows with each failure of an address, and a lock-out.
#
# Passwords are checked one at a time, each after the delay of its address, so parallel attempts are no faster. The table
# is bounded; the address with the fewest and oldest failures is evicted.

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from base import log, users

_ADDRESSES_MAX = const(24)
_DELAY_MS = const(500)  # after the first failure; doubled by each
_DELAY_MAX_MS = const(16_000)
FAILURES_MAX = const(8)  # then the address is locked out
_LOCK_MS = const(300_000)
_FORGET_MS = const(900_000)  # failures expire
_WAITING_MAX = const(16)  # waiting attempts

_failed = {}  # address: [failures, ticks before which no attempt begins, ticks of the last failure]
_lock = None
_waiting = 0


class LockedOut(Exception):
    """The address has failed too often."""


def has_failures():
    """Whether there is anything that must not be lost."""
    return bool(_failed or _waiting)


def _entry(address):
    entry = _failed.get(address)
    if entry and ticks_diff(ticks_ms(), entry[2]) > _FORGET_MS:
        del _failed[address]
        entry = None
    return entry


def locked(address):
    """True while an address is locked out."""
    entry = _entry(address)
    return bool(entry and entry[0] >= FAILURES_MAX and ticks_diff(entry[1], ticks_ms()) > 0)


def _failure(address):
    entry = _entry(address)
    if not entry:
        if len(_failed) >= _ADDRESSES_MAX:
            del _failed[min(_failed, key=lambda a: (_failed[a][0], -ticks_diff(ticks_ms(), _failed[a][2])))]
        entry = _failed[address] = [0, 0, 0]
    now = ticks_ms()
    if entry[0] >= FAILURES_MAX:  # its lock-out is over
        entry[0] = FAILURES_MAX // 2
    entry[0] += 1
    entry[2] = now
    delay = min(_DELAY_MS << (entry[0] - 1), _DELAY_MAX_MS)
    entry[1] = ticks_add(now, _LOCK_MS if entry[0] >= FAILURES_MAX else delay)
    return entry[0]


async def authenticate(service, name, password, address):
    """The User for a name and a password, None if they are wrong; LockedOut. The result is logged."""
    global _lock, _waiting
    if locked(address) or _waiting >= _WAITING_MAX:
        raise LockedOut
    if _lock is None:
        _lock = asyncio.Lock()
    _waiting += 1
    try:
        while True:
            entry = _entry(address)
            left = ticks_diff(entry[1], ticks_ms()) if entry else 0
            if left > 0:
                if locked(address):
                    raise LockedOut
                await asyncio.sleep_ms(min(left, 1000))
                continue
            async with _lock:
                entry = _entry(address)
                if entry and ticks_diff(entry[1], ticks_ms()) > 0:
                    continue  # another attempt from that address has failed meanwhile
                return await _attempt(service, name, password, address)
    finally:
        _waiting -= 1


async def _attempt(service, name, password, address):
    from base import passwords  # late: only to log in
    from process import memory

    user = users.find(name)
    known = user and user.hash[:1] != "!"
    if known and user.options:
        from services import policy  # late: few users have options

        known = policy.admits(user, address)
    # An unknown name takes as long as a known one.
    good = await passwords.matches(password, user.hash if known else users.any_hash())
    memory.unload("base.passwords")
    if good and known:
        if address in _failed:
            del _failed[address]
        log.note(service, f"{address} logged in as {name}", log.NOTICE)
        return user
    count = _failure(address)
    log.note(service, f"{address} wrong password for {name}, failure {count}", log.WARNING)
    if count >= FAILURES_MAX:
        log.note(service, f"{address} is locked out", log.WARNING)
    return None
