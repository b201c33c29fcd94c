"""Addresses of boards, and the paths that name their files."""

import os
import posixpath
from urllib.parse import unquote, urlsplit

from remote.errors import RemoteError

VARIABLE = "DIATOM_BOARD"
PREFIXES = ("board:", ":")


def connect(options, out):
    """The Board that the options ask for."""
    return open_board(chosen(options), options.baud, out)


def chosen(options):
    """The address that the options ask for."""
    return options.board or os.environ.get(VARIABLE) or only_port()


def open_board(address, baudrate=115200, out=None):
    """The Board at an address."""
    scheme, colon, rest = address.partition(":")
    if scheme == "sim":
        from remote import simulated
        from remote.serial_board import SerialBoard

        return SerialBoard(simulated.ensure(rest or None, out), address=address)
    if scheme == "ftp" and rest.startswith("//"):
        return open_ftp(address)
    if scheme == "telnet" and rest.startswith("//"):
        from remote.telnet_board import PORT, TelnetBoard

        return TelnetBoard(*login(address, PORT), address)
    if scheme in ("http", "https") and rest.startswith("//"):
        from remote.http_board import PORT, TLS_PORT, HttpBoard

        tls = scheme == "https"
        return HttpBoard(*login(address, TLS_PORT if tls else PORT), tls)
    if rest.startswith("//"):
        raise RemoteError("%s: no way to a board (diatom --help lists them)" % address, 2)
    from remote.serial_board import SerialBoard

    device = rest if scheme in ("pty", "serial") and colon else address
    if device == address and is_no_port(address):
        raise RemoteError("%s: no such port; a board in the network is http://%s or ftp://%s" % ((address,) * 3), 2)
    return SerialBoard(device, baudrate, address)


def is_no_port(address):
    """True for what is rather the name of a host than that of a serial port."""
    return "/" not in address and not address.upper().startswith("COM") and not os.path.exists(address)


def open_ftp(address, kind=None):
    """The FtpBoard at an address, or one of a kind of it."""
    from remote.ftp_board import PORT, FtpBoard

    return (kind or FtpBoard)(*login(address, PORT))


def login(address, usual):
    """(host, port, user, password) of an address; usual is the port of this service."""
    from remote.ftp_board import find_password

    parts = urlsplit(address)
    try:
        port = parts.port or usual
    except ValueError:
        raise RemoteError("%s: this port is none" % address, 2) from None
    if not parts.hostname:
        raise RemoteError("%s: a host is missing" % address, 2)
    user = unquote(parts.username or "root")
    password = find_password(user, parts.hostname) if parts.password is None else unquote(parts.password)
    return parts.hostname, port, user, password


def only_port():
    """The serial port of the only board that is plugged in."""
    from remote.scan import serial_ports

    ports = serial_ports()
    if len(ports) == 1:
        return ports[0]["address"]
    if not ports:
        raise RemoteError(
            "no board is plugged in: -b ADDRESS says which one is meant, -b sim a simulated one (diatom --help)"
        )
    names = ", ".join(port["address"] for port in ports)
    raise RemoteError("several boards are plugged in (%s): -b says which one is meant" % names)


def split(path):
    """(True, path on the board) for board:PATH and :PATH, else (False, path here)."""
    for prefix in PREFIXES:
        if path.startswith(prefix):
            return True, absolute(path[len(prefix) :])
    return False, path


def on_board(path):
    """The path on the board where only such a path makes sense, with or without its prefix."""
    return split(path)[1] if split(path)[0] else absolute(path)


def absolute(path):
    """A normal absolute path; what is relative begins at the root."""
    normal = posixpath.normpath("/" + path)
    return "/" + normal.lstrip("/")
