"""The key of the project: RSA-2048 with the exponent 65537, signatures as PKCS #1 v1.5 over SHA-256.

A board verifies with 17 multiplications modulo n and the firmware's own SHA-256, while the manifest streams through it
(docs/updates.md has the figures). The same bytes always give the same signature, so releases stay reproducible.
"""

import hashlib
import os

from remote.errors import RemoteError
from simulator import environment

BITS = 2048
EXPONENT = 65537
VARIABLE = "DIATOM_RELEASE_KEY"  # the private key itself (PEM), for CI


def _library():
    """The parts of `cryptography`, which is installed with the first verb that needs it."""
    try:
        import cryptography  # noqa: F401
    except ImportError:
        environment.need("release")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    return hashes, serialization, padding, rsa


def generate():
    """A new private key."""
    return _library()[3].generate_private_key(public_exponent=EXPONENT, key_size=BITS)


def save(key, path):
    """Write a private key where nobody else can read it; an existing one is never overwritten."""
    serialization = _library()[1]
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)


def load(path=None):
    """The private key in a file, or in the environment; RemoteError if there is none."""
    if path:
        with open(path, "rb") as file:
            text = file.read()
    else:
        text = os.environ.get(VARIABLE, "").encode()
        if not text:
            raise RemoteError("no key: --key FILE names it, or $%s holds it" % VARIABLE)
    try:
        return _library()[1].load_pem_private_key(text, None)
    except (ValueError, TypeError) as e:
        raise RemoteError("%s: this is no private key (%s)" % (path or VARIABLE, e)) from None


def public_line(key):
    """The line of /etc/release.pub: the modulus in hexadecimal."""
    return "%0*x" % (BITS // 4, key.public_key().public_numbers().n)


def shown(line):
    """A line of /etc/release.pub as people compare it, on the board too (lib/update/trust.py)."""
    text = hashlib.sha256(line.encode()).hexdigest()[:32]
    return " ".join(text[i : i + 4] for i in range(0, 32, 4))


def sign(key, data):
    """The signature of data."""
    hashes, _, padding, _ = _library()
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def verify(line, data, signature):
    """Whether a signature of data was made with the private half of a line of /etc/release.pub."""
    hashes, _, padding, rsa = _library()
    from cryptography.exceptions import InvalidSignature

    try:
        public = rsa.RSAPublicNumbers(EXPONENT, int(line, 16)).public_key()
        public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def known(path):
    """The lines of a file of public keys; none where there is no such file."""
    try:
        with open(path, encoding="ascii") as file:
            return [line.strip() for line in file if line.strip() and not line.startswith("#")]
    except FileNotFoundError:
        return []
