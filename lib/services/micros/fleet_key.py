# The fleet key: 32 random bytes that all nodes of one owner share, for InterCon.
#
# It is in a file that no service serves (base.users), and is shown once, when it is made. fingerprint() compares the keys of
# two nodes without showing them.

import os
from binascii import hexlify, unhexlify

from micropython import const

from base import passwords
from base.errors import Failure

PATH = "/etc/fleet.key"
KEY_BYTES = const(32)


def read():
    """The fleet key, or None."""
    try:
        with open(PATH) as file:
            return parsed(file.read(KEY_BYTES * 2 + 1))
    except (OSError, Failure):
        return None


def parsed(text):
    """A key from its 64 hexadecimal digits, with blanks among them if need be; Failure."""
    try:
        found = unhexlify("".join(text.split()))
    except ValueError:
        found = b""
    if len(found) != KEY_BYTES:
        raise Failure("", f"a key has {KEY_BYTES * 2} hexadecimal digits")
    return found


def make():
    """Make and save a new key; Failure if there is one. Returns its digits."""
    if read():
        raise Failure("", "this node has a key; `micros key remove` first")
    text = hexlify(os.urandom(KEY_BYTES)).decode()
    save(text)
    return text


def save(text):
    """Save a key, given as its digits; Failure, also where nothing can be encrypted."""
    try:
        import cryptolib  # noqa: F401  (late: not on every firmware)
    except ImportError:
        raise Failure("", "this firmware has no cryptolib")
    from base import log  # late: once in the life of a node
    from base.files import replace

    replace(PATH, hexlify(parsed(text)).decode() + "\n")
    log.note("micros", "the fleet key is set", log.NOTICE)


def remove():
    """Remove the key; Failure if there is none."""
    from base.files import unlink  # late: as above

    try:
        unlink(PATH)
    except OSError:
        raise Failure("", "no fleet key")


def fingerprint(found):
    """What tells whether two nodes have the same key."""
    return hexlify(passwords.hmac(found, b"fingerprint")[:4]).decode()
