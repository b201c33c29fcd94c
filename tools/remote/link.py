"""A serial line to a board's raw REPL: mpremote's transport, but reading all available data instead of byte by byte."""

import os
import select
import termios
import time

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from remote.errors import Unreachable

HELLO = b"raw REPL; CTRL-B to exit\r\n"
TRIES = 3
PATIENCE = 3  # seconds for the answer to one try: an ESP32 that the opening of its port has reset boots meanwhile
READ_MOST = 65536
STALL = 20  # seconds after which a read that the protocol depends on is given up


class Buffered:
    """A pyserial port that keeps what has come and nobody has asked for yet."""

    def __init__(self, port):
        self.port = port
        self.data = bytearray()
        self.carried = 0  # bytes, both ways

    def __getattr__(self, name):
        return getattr(self.port, name)

    def fill(self, timeout):
        """Take in what comes within timeout; False where nothing does."""
        try:
            if not select.select([self.port.fileno()], [], [], timeout)[0]:
                return False
            piece = self.port.read(max(1, min(self.port.in_waiting, READ_MOST)))
        except (OSError, TypeError) as e:  # pyserial's SerialException is an OSError; TypeError: closed meanwhile
            raise Unreachable("the board has gone (%s)" % e) from None
        self.data += piece
        self.carried += len(piece)
        return bool(piece)

    def take(self, count):
        piece = bytes(self.data[:count])
        del self.data[:count]
        return piece

    def read(self, count=1):
        while len(self.data) < count:
            if not self.fill(STALL):
                break
        return self.take(count)

    def inWaiting(self):
        self.fill(0)
        return len(self.data)

    def write(self, data):
        self.carried += len(data)
        try:
            return self.port.write(data)
        except OSError as e:
            raise Unreachable("the board has gone (%s)" % e) from None


class Link(SerialTransport):
    """The raw REPL of the board at a serial port."""

    def __init__(self, device, baudrate):
        try:
            super().__init__(device, baudrate=baudrate, timeout=0)
        except TransportError:
            raise Unreachable("%s: %s" % (device, closed(device))) from None
        except OSError as e:
            raise Unreachable("%s: %s" % (device, why(e))) from None
        self.serial = Buffered(self.serial)

    def read_until(self, min_num_bytes, ending, timeout=10, data_consumer=None, timeout_overall=None):
        """As mpremote's. None is no limit."""
        port = self.serial
        end = None if timeout_overall is None else time.monotonic() + timeout_overall
        data = b""
        searched = 0
        while True:
            place = port.data.find(ending, searched)
            if data_consumer:
                piece = port.take(len(port.data) if place < 0 else place)
                if piece:
                    data_consumer(piece)
                if place >= 0:
                    return port.take(len(ending))
            elif place >= 0:
                return port.take(place + len(ending))
            else:
                searched = max(0, len(port.data) - len(ending) + 1)
            wait = timeout
            if end is not None:
                left = max(end - time.monotonic(), 0)
                wait = left if wait is None else min(wait, left)
            if not port.fill(wait):
                return data if data_consumer else port.take(len(port.data))

    def enter(self):
        """Enter the raw REPL without a reset: services and jobs of the board continue."""
        if self.in_raw_repl:
            return
        port = self.serial
        for _ in range(TRIES):
            port.write(b"\r\x03")
            while port.fill(0.02):
                pass
            port.data.clear()
            port.write(b"\r\x01")
            if self.read_until(1, HELLO, timeout_overall=PATIENCE).endswith(HELLO):
                self.in_raw_repl = True
                return
        raise Unreachable(
            "%s: no raw REPL answers (does a program keep the console, or does it ask for a login? `diatom console` shows it)"
            % self.device_name
        )

    def leave(self):
        """Return to the normal prompt."""
        if self.in_raw_repl:
            self.exit_raw_repl()

    def close(self):
        try:
            self.leave()
            self.serial.flush()
            super().close()
        except (OSError, Unreachable, termios.error):  # it has gone: there is nothing left to put in order
            self.serial.close()


def closed(device):
    """Why a serial port cannot be opened; mpremote keeps that to itself."""
    try:
        fd = os.open(device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    except PermissionError:
        return "Permission denied (Linux: sudo adduser $USER dialout, and log in again)"
    except OSError as e:
        return e.strerror
    try:
        return "another program uses this port" if os.isatty(fd) else "this is no serial port"
    finally:
        os.close(fd)


def why(error):
    """The reason in an error of pyserial, without the port's name."""
    text = getattr(error, "strerror", None) or str(error)
    return text.rpartition(": ")[2] if "] " in text else text
