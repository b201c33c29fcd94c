# TLS for clients: the context for a host, and who warns where its certificate is not checked.
#
# A certificate is checked where /etc/ca.der or /etc/ca.pem has the authority that the owner trusts.

from base.errors import Failure
from base.paths import mode
from process import cpu

AUTHORITIES = ("/etc/ca.der", "/etc/ca.pem")
_CHECK = "verify_mode"  # of a context; the type stubs do not know it


def context(insecure=False, ca=None):
    """(context, whether it checks the certificate); Failure where the firmware has no TLS or `ca` is no certificate."""
    try:
        import ssl
    except ImportError:
        if cpu.current.getenv("MODEM") and not ca:
            from modem.link import MODEM_TLS

            return MODEM_TLS, False
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
                raise Failure(path, "is no certificate in PEM or DER")
            setattr(found, _CHECK, ssl.CERT_REQUIRED)
            return found, True
    return found, False


def binary(data):
    """The certificate in PEM or DER as DER: few firmwares know the other. ValueError."""
    begin, end = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
    at = data.find(begin)
    if at < 0:
        return data
    from binascii import a2b_base64

    return a2b_base64(data[at + len(begin) : data.find(end)])


def failure(host, what):
    """The Failure for an error of TLS: a negative number of mbedTLS, or what it says about a certificate."""
    if what == -0x2700:
        return Failure(host, "its certificate is not to be trusted", 60)
    if isinstance(what, str):
        return Failure(host, "its certificate is not to be trusted: " + what.strip().split("\n")[0], 60)
    if what == -0x7200:
        return Failure(host, "does not speak TLS", 35)
    return Failure(host, f"TLS has failed (mbedTLS error -0x{-what:04x})", 35)


def warn(process, host):
    """Say loudly that nobody knows who answers."""
    process.stderr.write(
        f"{process.name}: WARNING: the certificate of {host} is not checked: anybody may be answering. "
        f"Put your authority's certificate into {AUTHORITIES[1]}\n"
    )
