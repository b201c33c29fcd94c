"""Reply to boards that ask the local network for a release: multicast DNS (RFC 6762) for this one service."""

import contextlib
import errno
import os
import socket
import struct
import threading

from remote import mdns

SERVICE = "_diatom-release._tcp.local"
INSTANCE = "Diatom." + SERVICE
TTL = 120  # seconds
UNIQUE = 0x8001  # class IN, and nobody else has this record


def labels(name):
    """A name as DNS writes it."""
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def record(name, kind, data, category=UNIQUE):
    return labels(name) + struct.pack(">HHIH", kind, category, TTL, len(data)) + data


def asked(packet):
    """The id of the question, where the packet is one for this service; else None."""
    try:
        ident, flags, questions = struct.unpack(">3H", packet[:6])
        place = 12
        for _ in range(0 if flags & 0x8000 else questions):
            name, place = mdns.name(packet, place)
            kind = struct.unpack(">H", packet[place : place + 2])[0]
            place += 4
            if name.lower() == SERVICE and kind in (mdns.PTR, 255):
                return ident
    except (IndexError, struct.error, ValueError):
        pass
    return None


def answer(ident, address, port):
    """The answer: where the release is."""
    host = "diatom-release.local"
    return (
        struct.pack(">6H", ident, 0x8400, 0, 3, 0, 0)
        + record(SERVICE, mdns.PTR, labels(INSTANCE), 1)
        + record(INSTANCE, mdns.SRV, struct.pack(">3H", 0, 0, port) + labels(host))
        + record(host, mdns.A, socket.inet_aton(address))
    )


def own_address(peer):
    """The address of this computer that the peer can reach."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(peer)
        return sock.getsockname()[0]


def opened():
    """The socket; OSError where this computer has no network."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "SO_REUSEPORT"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.bind(("", mdns.PORT))
        if not sum(mdns.join(sock, interface) for interface in mdns.interfaces()):
            raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))
        return sock
    except OSError:
        sock.close()
        raise


@contextlib.contextmanager
def announced(port):
    """Answer, as long as the block runs, that a release is served on this port; yields whether that works."""
    try:
        sock = opened()
    except OSError:
        yield False
        return

    def work():
        with sock:
            while not done.is_set():
                try:
                    packet, peer = sock.recvfrom(1500)
                    ident = asked(packet)
                    if ident is not None:
                        sock.sendto(answer(ident, own_address(peer), port), peer)
                except OSError:  # the end of the time, or of the network for a moment
                    continue

    done = threading.Event()
    sock.settimeout(0.2)
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield True
    finally:
        done.set()
        thread.join()
