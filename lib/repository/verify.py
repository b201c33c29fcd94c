# Signatures: RSA-2048 with the exponent 65537, PKCS #1 v1.5, SHA-256 (RFC 8017, 8.2.2). The expected block
# is built and compared as a whole, so nothing in the signature has to be parsed.

import hashlib
from binascii import hexlify, unhexlify

from micropython import const

from base.errors import Failure

KEYS = "/etc/release.pub"  # one modulus a line, in hexadecimal
BYTES = const(256)
_SQUARINGS = const(16)  # 65537 is 2 ** 16 + 1
_BUFFER = const(512)

_PREFIX = b"3031300d060960864801650304020105000420"  # DER of DigestInfo for SHA-256


def digest(path, name="sha256"):
    """The SHA-256 of a file, or another hash."""
    state = getattr(hashlib, name)()
    buffer = bytearray(_BUFFER)
    view = memoryview(buffer)
    with open(path, "rb") as file:
        while n := file.readinto(buffer):
            state.update(view[:n])
    return state.digest()


def hex_digest(path, name="sha256"):
    """The same in hexadecimal, as manifests have it."""
    return hexlify(digest(path, name)).decode()


def signed(path, signature_path):
    """Failure unless one of this board's keys has signed the file."""
    check_signature(digest(path), signature_path)


def check_signature(found, signature_path, keys=KEYS):
    """Failure unless one of this board's keys has signed this SHA-256."""
    try:
        file = open(keys)
    except OSError:
        raise Failure(keys, "missing: no key to verify a release (`man upgrade`: Keys)")
    with open(signature_path, "rb") as signature_file:
        signature = signature_file.read(BYTES + 1)
    if len(signature) != BYTES:
        file.close()
        raise Failure("signature", "not a signature")
    tail = b"\0" + unhexlify(_PREFIX) + found
    expected = int.from_bytes(b"\0\1" + b"\xff" * (BYTES - 2 - len(tail)) + tail, "big")
    number = int.from_bytes(signature, "big")
    with file:
        for line in file:
            if line[:1] != "#" and len(line) > BYTES:
                modulus = int(line.strip(), 16)
                power = number
                for _ in range(_SQUARINGS):
                    power = power * power % modulus
                if number < modulus and power * number % modulus == expected:
                    return
    raise Failure("signature", "invalid: not signed with a trusted key")
