"""A terminal line to a board's shell: over the serial port, or by telnet. Both can read(timeout), write and fileno."""

import os
import re
import select
import socket
import struct
import sys
import termios
import time

from remote.errors import RemoteError, Unreachable

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
ECHO, SGA, TTYPE, NAWS = 1, 3, 24, 31
LOGIN_TIMEOUT = 15
PROMPT = re.compile(rb"\$: (\x1b\[\?2004h)?$")


class SerialLine:
    """The console at a serial port (link.Buffered)."""

    def __init__(self, port):
        self.port = port

    def fileno(self):
        return self.port.fileno()

    def read(self, timeout=0.0):
        """What has come; b"" when nothing does within timeout."""
        if not self.port.data:
            self.port.fill(timeout)
        return self.port.take(len(self.port.data))

    def write(self, data):
        self.port.write(data)

    def close(self):
        """The port belongs to its board."""


class TelnetLine:
    """A telnet session (RFC 854) that is logged in."""

    def __init__(self, host, port, user, password):
        self.pending = b""  # the beginning of a telnet command
        self.ready = b""  # what belongs to the next read
        try:
            self.sock = socket.create_connection((host, port), LOGIN_TIMEOUT)
        except OSError as e:
            raise Unreachable("telnet %s %d: %s (utelnetd start)" % (host, port, e.strerror or e)) from None
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.sendall(bytes((IAC, WILL, NAWS)))
        self.login(user, password)

    def login(self, user, password):
        seen = b""
        answers = [(b"ogin:", user), (b"ssword:", password)]
        end = time.monotonic() + LOGIN_TIMEOUT
        while not PROMPT.search(seen):
            if time.monotonic() > end or b"incorrect" in seen:
                raise RemoteError("telnet: the board does not let %s in" % user)
            seen += self.read(0.5)
            for wanted, answer in answers:
                if seen.rstrip().endswith(wanted):
                    self.write(answer.encode() + b"\r")
                    seen = b""
        self.ready = seen.rpartition(b"\n")[2]

    def fileno(self):
        return self.sock.fileno()

    def read(self, timeout=0.0):
        if self.ready:
            data, self.ready = self.ready, b""
            return data
        if not select.select([self.sock], [], [], timeout)[0]:
            return b""
        try:
            data = self.sock.recv(65536)
        except OSError as e:
            raise Unreachable("the board has gone (%s)" % e) from None
        if not data:
            raise Unreachable("the board has closed the connection")
        return self.strip(self.pending + data)

    def strip(self, data):
        """Data without telnet's commands, which are handled."""
        out = bytearray()
        i = 0
        self.pending = b""
        while i < len(data):
            if data[i] != IAC:
                out.append(data[i])
                i += 1
                continue
            command = data[i + 1] if i + 1 < len(data) else None
            if command == IAC:
                out.append(IAC)
                i += 2
            elif command in (DO, DONT, WILL, WONT) and i + 2 < len(data):
                self.negotiate(command, data[i + 2])
                i += 3
            elif command == SB and (end := data.find(bytes((IAC, SE)), i)) >= 0:
                if data[i + 2 : i + 4] == bytes((TTYPE, 1)):
                    name = os.environ.get("TERM", "xterm").encode()
                    self.sock.sendall(bytes((IAC, SB, TTYPE, 0)) + name + bytes((IAC, SE)))
                i = end + 2
            elif command is None or command in (DO, DONT, WILL, WONT, SB):
                self.pending = data[i:]
                break
            else:
                i += 2
        return bytes(out)

    def negotiate(self, command, option):
        if command == DO and option == NAWS:
            columns, lines = terminal_size()
            size = struct.pack(">HH", columns, lines).replace(b"\xff", b"\xff\xff")
            self.sock.sendall(bytes((IAC, SB, NAWS)) + size + bytes((IAC, SE)))
        elif command == DO:
            self.sock.sendall(bytes((IAC, WILL if option in (SGA, TTYPE) else WONT, option)))
        elif command == WILL:
            self.sock.sendall(bytes((IAC, DO if option in (ECHO, SGA) else DONT, option)))

    def write(self, data):
        try:
            self.sock.sendall(data.replace(b"\xff", b"\xff\xff").replace(b"\r", b"\r\0"))
        except OSError as e:
            raise Unreachable("the board has gone (%s)" % e) from None

    def close(self):
        self.sock.close()


def terminal_size():
    try:
        return os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        return 80, 24


class Raw:
    """`with Raw(fd):` this terminal hands every key on; nothing happens where fd is no terminal."""

    def __init__(self, fd):
        self.fd = fd
        self.saved = None

    def __enter__(self):
        if os.isatty(self.fd):
            import tty

            self.saved = termios.tcgetattr(self.fd)
            tty.setraw(self.fd, termios.TCSADRAIN)
        return self

    def __exit__(self, *_):
        if self.saved:
            termios.tcsetattr(self.fd, termios.TCSADRAIN, self.saved)


def put(data):
    """Write bytes on standard output, all of them."""
    sys.stdout.flush()
    while data:
        data = data[os.write(1, data) :]
