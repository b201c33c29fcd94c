# Tokens for recorders: who has one may see the stream and take photos through the web server, and nothing else.
#
# Only the SHA-256 of a token is kept, under "camera" in system.conf; a token is 128 random bits, so it needs no salt.

import os
from binascii import hexlify
from hashlib import sha256

from micropython import const

from base import config
from base.errors import Failure

_TOKENS_MAX = const(8)
_NAME_MAX = const(32)
_BYTES = const(16)


def names():
    """{name: digest} of all tokens."""
    section = config.get("camera")
    found = section.get("tokens") if isinstance(section, dict) else None
    return found if isinstance(found, dict) else {}


def digest(token):
    return hexlify(sha256(token.encode()).digest()).decode()


def is_known(token):
    """Whether it is a token that has not been revoked."""
    return bool(token) and digest(token) in names().values()


def make(name):
    """Make a token, in place of one of the same name; returns it. Failure for a bad name, or if there are too many."""
    if not name or len(name) > _NAME_MAX:
        raise Failure(name, f"a name has 1 to {_NAME_MAX} characters")
    found = names()
    if name not in found and len(found) >= _TOKENS_MAX:
        raise Failure("", f"no more than {_TOKENS_MAX} tokens; revoke one")
    token = hexlify(os.urandom(_BYTES)).decode()
    found[name] = digest(token)
    save(found)
    return token


def revoke(name):
    """Remove a token; returns whether there was one."""
    found = names()
    if found.pop(name, None) is None:
        return False
    save(found)
    return True


def save(found):
    section = config.get("camera")
    section = dict(section) if isinstance(section, dict) else {}
    section["tokens"] = found
    config.change("camera", section)
