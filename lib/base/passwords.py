# Passwords: PBKDF2-HMAC-SHA256 (RFC 8018) over hashlib, in steps that let everybody else run.
#
# A hash is written as pbkdf2-sha256$ITERATIONS$SALT$KEY, salt and key in hexadecimal. The number of iterations is
# measured when a password is set, so that a login takes about half a second on that board, and stays with the hash.

import asyncio
import os
from binascii import hexlify, unhexlify
from hashlib import sha256
from time import ticks_diff, ticks_us

from micropython import const

from base.errors import Failure

LOGIN_MS = const(500)  # how long a login takes; "login_ms" in system.conf says otherwise
PASSWORD_MAX = const(128)  # bytes in a password
_KIND = "pbkdf2-sha256"
_LEAST = const(200)  # iterations
_MOST = const(2_000_000)
_PROBE = const(32)  # iterations that are measured
_LOOKS = const(3)  # how often they are measured
_TURN_US = const(4000)  # how long no other task runs
_SALT = const(16)  # bytes


def _pads(password):
    """The two blocks of HMAC, each with room for what is hashed behind it."""
    if len(password) > 64:
        password = sha256(password).digest()
    inner = bytearray(b"\x36" * 96)
    outer = bytearray(b"\x5c" * 96)
    for i in range(len(password)):
        inner[i] ^= password[i]
        outer[i] ^= password[i]
    return inner, outer


def _digest(inner, outer, message):
    """The HMAC of a message, with the two blocks of its key."""
    outer[64:] = sha256(inner[:64] + message).digest()
    return sha256(outer).digest()


def hmac(key, message):
    """HMAC-SHA256 (RFC 2104) of bytes."""
    inner, outer = _pads(key)
    return _digest(inner, outer, message)


def _first(inner, outer, salt):
    """The first round: HMAC of the salt and the number of the block."""
    return _digest(inner, outer, salt + b"\0\0\0\1")


def _rounds(inner, outer, last, count):
    """count more rounds: (the last one, all of them combined by exclusive or)."""
    message = memoryview(inner)[64:]
    digest = memoryview(outer)[64:]
    number = int.from_bytes
    total = 0
    for _ in range(count):
        message[:] = last
        digest[:] = sha256(inner).digest()
        last = sha256(outer).digest()
        total ^= number(last, "big")
    return last, total


async def derive(password, salt, iterations):
    """The key of 32 bytes for a password (bytes)."""
    inner, outer = _pads(password)
    last = _first(inner, outer, salt)
    key = int.from_bytes(last, "big")
    left = iterations - 1
    step = _PROBE
    while left > 0:
        start = ticks_us()
        last, part = _rounds(inner, outer, last, min(step, left))
        key ^= part
        left -= step
        took = ticks_diff(ticks_us(), start)
        if took < _TURN_US // 2:
            step *= 2
        elif took > _TURN_US and step > 1:
            step //= 2
        await asyncio.sleep_ms(0)
    return key.to_bytes(32, "big")


def iterations():
    """How many of them a login may cost on this board."""
    from base import config  # late: rare

    wanted = config.get("login_ms", LOGIN_MS)
    if not isinstance(wanted, int) or wanted < 1:
        wanted = LOGIN_MS
    inner, outer = _pads(b"a password of usual length")
    last = _first(inner, outer, bytes(_SALT))
    count = _PROBE
    looks = []  # the shortest counts: what else runs only makes them longer
    while len(looks) < _LOOKS:
        start = ticks_us()
        _rounds(inner, outer, last, count)
        took = ticks_diff(ticks_us(), start)
        if took > _TURN_US or count > _LEAST * 16:
            looks.append(took)
        else:
            count *= 4
    took = min(looks)
    return min(max(wanted * 1000 * count // max(took, 1), _LEAST), _MOST)


def check_length(password):
    """Raise Failure for what cannot be a password."""
    if not password:
        raise Failure("", "the password must not be empty")
    if len(password.encode()) > PASSWORD_MAX:
        raise Failure("", f"the password is longer than {PASSWORD_MAX} bytes")


async def hash_of(password):
    """What is kept of a password (str)."""
    check_length(password)
    salt = os.urandom(_SALT)
    count = iterations()
    key = await derive(password.encode(), salt, count)
    return f"{_KIND}${count}${hexlify(salt).decode()}${hexlify(key).decode()}"


async def matches(password, kept):
    """True where password (str) is the one that was kept. For what is no hash it takes as long, and is False."""
    fields = (kept or "").split("$")
    try:
        count, salt, right = int(fields[1]), unhexlify(fields[2]), unhexlify(fields[3])
        good = fields[0] == _KIND and len(right) == 32 and 0 < count <= _MOST
    except (IndexError, ValueError):
        good = False
    if not good:
        count, salt, right = iterations(), bytes(_SALT), bytes(32)
    secret = password.encode()
    if len(secret) > PASSWORD_MAX:
        good = False
        secret = b""
    return same(await derive(secret, salt, count), right) and good


def same(a, b):
    """True where two bytes objects are equal, after the same time wherever they differ."""
    if len(a) != len(b):
        return False
    difference = 0
    for i in range(len(a)):
        difference |= a[i] ^ b[i]
    return not difference
