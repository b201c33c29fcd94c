"""A telnet client for the tests."""

import struct
import time

from services.clients import receive

IAC, DONT, DO, WONT, WILL, SB, SE = b"\xff", b"\xfe", b"\xfd", b"\xfc", b"\xfb", b"\xfa", b"\xf0"
ECHO, SGA, TTYPE, NAWS, TM, LINEMODE, BINARY = b"\x01", b"\x03", b"\x18", b"\x1f", b"\x06", b"\x22", b"\x00"
AYT, IP, BRK, EC, EL, NOP, DM, AO = b"\xf6", b"\xf4", b"\xf3", b"\xf7", b"\xf8", b"\xf1", b"\xf2", b"\xf5"
OFFERS = IAC + WILL + ECHO + IAC + WILL + SGA + IAC + DO + TTYPE + IAC + DO + NAWS
PROMPT = b"$: "


def window(columns, rows):
    size = struct.pack(">HH", columns, rows).replace(IAC, IAC + IAC)
    return IAC + WILL + NAWS + IAC + SB + NAWS + size + IAC + SE


HELLO = (
    IAC + DO + ECHO + IAC + DO + SGA + window(100, 30) + IAC + WILL + TTYPE + IAC + SB + TTYPE + b"\0XTERM" + IAC + SE
)


def open_session(board, hello=HELLO):
    """A session of a telnetd without passwords, at its prompt."""
    sock = board.connect(23)
    sock.sendall(hello)
    receive(sock, PROMPT)
    return sock


def command(sock, line, prompt=PROMPT):
    """Run a command; return its output."""
    sock.sendall(line.encode() + b"\r\0")
    receive(sock, b"\x1b[?2004l\r\n")
    return receive(sock, prompt).rpartition(b"\r\n")[0].decode()


def login(sock, password, name="root"):
    receive(sock, b"login: ")
    sock.sendall(name.encode() + b"\r\0")
    receive(sock, b"Password: ")
    sock.sendall(password.encode() + b"\r\0")


def latencies(sock, count=30):
    """How long the echo of a key takes, in ms, sorted."""
    found = []
    for _ in range(count):
        start = time.perf_counter()
        sock.sendall(b"x")
        receive(sock, b"x")
        found.append((time.perf_counter() - start) * 1000)
    sock.sendall(b"\x15")
    return sorted(found)
