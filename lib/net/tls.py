# TLS for clients: the context, its errors, and the warning if certificates are not verified.
#
# Certificates are verified if /etc/ca.der or /etc/ca.pem has the certificate of a trusted authority.

from binascii import a2b_base64

from base.errors import Failure
from base.paths import mode
from process import cpu

BY_MODEM = True  # the context for TLS that a modem does
AUTHORITIES = ("/etc/ca.der", "/etc/ca.pem")
_CHECK = "verify_mode"  # of a context; the type stubs do not know it


def context(insecure=False, ca=None):
    """(context, whether it verifies certificates); Failure if the firmware lacks TLS or `ca` is not a certificate."""
    try:
        import ssl
    except ImportError:
        if cpu.current.getenv("MODEM") and not ca:
            return BY_MODEM, False
        raise Failure("", "this firmware has no TLS")
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    setattr(found, _CHECK, ssl.CERT_NONE)
    if insecure:
        return found, False
    for path in (ca,) if ca else AUTHORITIES:
        if ca or mode(path):
            with open(path, "rb") as file:
                data = file.read()
            try:
                found.load_verify_locations(cadata=binary(data))
            except ValueError:
                raise Failure(path, "not a certificate in PEM or DER")
            setattr(found, _CHECK, ssl.CERT_REQUIRED)
            return found, True
    return found, False


def binary(data):
    """Convert a certificate in PEM or DER to DER: few firmwares accept PEM. ValueError."""
    begin, end = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
    at = data.find(begin)
    if at < 0:
        return data

    return a2b_base64(data[at + len(begin) : data.find(end)])


def failure(host, what):
    """The Failure for a TLS error: a negative number of mbedTLS, or its message about a certificate."""
    if what == -0x2700:
        return Failure(host, "certificate not trusted", 60)
    if isinstance(what, str):
        return Failure(host, "certificate not trusted: " + what.strip().split("\n")[0], 60)
    if what == -0x7200:
        return Failure(host, "does not speak TLS", 35)
    return Failure(host, f"TLS error (mbedTLS -0x{-what:04x})", 35)


def warn(process, host):
    """Warn that the server is not authenticated."""
    process.stderr.write(
        f"{process.name}: WARNING: the certificate of {host} is not checked: anybody may be answering. "
        f"Put your authority's certificate into {AUTHORITIES[1]}\n"
    )
