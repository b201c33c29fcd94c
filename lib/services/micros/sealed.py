# The sealed form of InterCon: how nodes with the same fleet key call each other, over TCP and over ESP-NOW.
#
#   ASK        D1 a NAME TAG             the caller wants to call; NAME is its own
#   CHALLENGE  D2 a b NAME TAG           the other node lets it, once
#   CALL       D3 a NUMBER COUNT DATA TAG     the command, in COUNT fragments
#   ANSWER     D4 a NUMBER COUNT DATA TAG     what it prints
#   REFUSED    D5 a WHY                  without a tag: it explains and proves nothing
#
# a and b are random, 8 bytes each. TAG is the first half of an HMAC-SHA256 (RFC 2104, 5) of all before it. DATA is encrypted
# first: AES-256-CBC, padded (RFC 5652, 6.3), whose initial vector is the encrypted head of the frame, since that is unique
# (NIST SP 800-38A, appendix C). The key of TAG in ASK and CHALLENGE, and for each call one for DATA and one for TAG, are
# derived from the fleet key, a and b (RFC 5869, 2.3: the fleet key is random already).
#
# Replay: b is new for each call, so what was recorded fits no other one, also after a restart. A counter would have to be
# written to flash before each call, and lost frames or a restored backup would put two nodes out of step.

import os

from micropython import const

from base.errors import Failure
from base.passwords import hmac, same

ASK = const(0xD1)
CHALLENGE = const(0xD2)
CALL = const(0xD3)
ANSWER = const(0xD4)
REFUSED = const(0xD5)
WRONG_KEY = const(0)  # what WHY says
NO_CHALLENGE = const(1)
ALTERED = const(2)
NO_KEY = const(3)
TOO_LONG = const(4)
TEXT_MAX = const(4096)  # bytes of a command, and of an answer
NONCE = const(8)  # bytes
OVERHEAD = const(43)  # bytes of a frame that are not its data: head, tag, and the padding at its longest

_TAG = const(16)
_HEAD = const(11)  # of a frame with data
_BLOCK = const(16)
_ECB = const(1)
_CBC = const(2)
_NAME_MAX = const(32)
_WHY = "another fleet key;no such challenge: replayed, or too late;altered;no fleet key there;too long"


class Refused(Failure):
    """A frame that is not accepted; why is one of the numbers above."""

    def __init__(self, why):
        super().__init__("", "refused: " + reason_of(why))
        self.why = why


def reason_of(why):
    """The text of a number in a frame REFUSED."""
    found = _WHY.split(";")
    return found[why] if why < len(found) else "unknown reason"


def refusal(frame, why):
    """The frame that refuses another one."""
    return bytes([REFUSED]) + (frame[1 : 1 + NONCE] + bytes(NONCE))[:NONCE] + bytes([why])


def nonce():
    return os.urandom(NONCE)


def greeting(key, kind, nonces, name):
    """A frame ASK or CHALLENGE."""
    head = bytes([kind]) + nonces + name.encode()[:_NAME_MAX]
    return head + _tag(_derived(key, b"greeting"), head)


def greeted(key, frame):
    """What is in a frame ASK or CHALLENGE: (the nonces, the name); Refused."""
    count = NONCE if frame[0] == ASK else 2 * NONCE
    if not 1 + count + _TAG < len(frame) <= 1 + count + _TAG + _NAME_MAX:
        raise Refused(ALTERED)
    if not _is_tagged(_derived(key, b"greeting"), frame):
        raise Refused(WRONG_KEY)
    try:
        return bytes(frame[1 : 1 + count]), bytes(frame[1 + count : -_TAG]).decode()
    except UnicodeError:
        raise Refused(ALTERED)


class Call:
    """The keys of one call, and what has come of its command or answer."""

    def __init__(self, key, nonces):
        """nonces: a and b."""
        self.begin = nonces[:NONCE]
        self.key = _derived(key, b"encrypt" + nonces)
        self.tag_key = _derived(key, b"authenticate" + nonces)
        self.parts = {}  # {number: data} of what has come
        self.count = 0  # fragments of it

    def _vector(self, head):
        return _aes(self.key, _ECB).encrypt(head + bytes(_BLOCK - len(head)))

    def seal(self, kind, text, size):
        """The frames for a command or an answer, each of at most size bytes; Refused if it is too long."""
        data = text.encode()
        step = size - OVERHEAD
        count = max(-(-len(data) // step), 1)
        if len(data) > TEXT_MAX or count > 255:
            raise Refused(TOO_LONG)
        return [self._frame(kind, i, count, data[i * step : (i + 1) * step]) for i in range(count)]

    def _frame(self, kind, number, count, data):
        head = bytes([kind]) + self.begin + bytes([number, count])
        fill = _BLOCK - len(data) % _BLOCK
        body = head + _aes(self.key, _CBC, self._vector(head)).encrypt(data + bytes([fill]) * fill)
        return body + _tag(self.tag_key, body)

    def take(self, kind, frame):
        """Take a frame of this kind; the whole text once all have come, else None; Refused."""
        length = len(frame) - _HEAD - _TAG
        if frame[0] != kind or length <= 0 or length % _BLOCK or not _is_tagged(self.tag_key, frame):
            raise Refused(ALTERED)
        head = bytes(frame[:_HEAD])
        number, count = head[-2], head[-1]
        if number >= count or count != self.count and self.parts:
            raise Refused(ALTERED)
        self.count = count
        if number not in self.parts:
            data = _aes(self.key, _CBC, self._vector(head)).decrypt(frame[_HEAD:-_TAG])
            data = data[: -data[-1]]
            if len(data) + sum([len(part) for part in self.parts.values()]) > TEXT_MAX:
                raise Refused(TOO_LONG)
            self.parts[number] = data
        if len(self.parts) < count:
            return None
        whole = b"".join([self.parts[i] for i in range(count)])
        try:
            return whole.decode()
        except UnicodeError:
            raise Refused(ALTERED)


def _derived(key, use):
    return hmac(key, use + b"\1")


def _tag(key, data):
    return hmac(key, data)[:_TAG]


def _is_tagged(key, frame):
    return same(_tag(key, bytes(frame[:-_TAG])), frame[-_TAG:])


def _aes(*words):
    try:
        from cryptolib import aes  # late: not on every firmware
    except ImportError:
        raise Failure("", "this firmware has no cryptolib")
    return aes(*words)
