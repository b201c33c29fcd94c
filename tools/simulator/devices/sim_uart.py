# machine.UART.
#
# uart.N.input is what the other side sends, until the board has taken it; uart.N.output what the board has sent, the
# last 4096 bytes: empty it to begin anew. A character is a byte ("\u00ff" is 255). uart.N.baudrate tells that it runs.
# uart.N.modem is the family of a modem that hangs on the line (sim_modem). uart.N.wire, "DIR:a" or "DIR:b", is the end of a
# cable to the UART of another simulator (sim_wire).

import io

import power
import sim_irq
import sim_pins
import sim_port
from micropython import const
from utime import ticks_diff, ticks_ms

import simulator

_ESP32 = sim_port.port() == "esp32"
_UARTS = 3 if _ESP32 else 2
_OUTPUT = const(4096)
_WAITING_MAX = const(65536)
_POLL = const(3)
_FLUSH = const(1)
_READABLE = const(1)
_WRITABLE = const(4)
_EINVAL = const(22)

_uarts = {}


class UART(io.IOBase):
    """A serial line."""

    if _ESP32:
        INV_RX, INV_CTS, INV_TX, INV_RTS = 4, 8, 32, 64
        RTS, CTS = 1, 2
        IRQ_RX, IRQ_BREAK, IRQ_RXIDLE = 1, 2, 4096
    else:
        INV_TX, INV_RX = 1, 2
        CTS, RTS = 1, 2
        IRQ_TXIDLE, IRQ_RXIDLE, IRQ_BREAK = 32, 64, 512

    def __new__(cls, id, *args, **options):
        if not 0 <= id < _UARTS:
            raise ValueError("UART(%d) do%s exist" % (id, "es not" if _ESP32 else "esn't"))
        uart = _uarts.get(id)
        if not uart:
            _uarts[id] = uart = object.__new__(cls)
            uart._path = "uart.%d." % id
            uart._data = bytearray()  # what has come and has not been read
            uart._handler = None
            uart._trigger = uart._flags = 0
            uart._baudrate = 115200
            uart._rxbuf = 256
            uart._timeout = uart._timeout_char = 0
            uart._open = False
            uart._modem = uart._wire = None
            simulator.on(uart._path + "input", uart._receive)
            simulator.on(uart._path + "modem", uart._plug)
        return uart

    def __init__(self, id, *args, **options):
        self.init(*args, **options)

    def init(
        self,
        baudrate=None,
        bits=8,
        parity=None,
        stop=1,
        *,
        tx=None,
        rx=None,
        rts=None,
        cts=None,
        txbuf=None,
        rxbuf=None,
        timeout=None,
        timeout_char=None,
        invert=0,
        flow=0,
    ):
        """Set what is given. What had come before is lost."""
        if bits not in (5, 6, 7, 8):
            raise ValueError("invalid data bits")
        if stop not in (1, 2):
            raise ValueError("invalid stop bits")
        for pin in (tx, rx, rts, cts):
            if pin is not None and pin != -1:
                sim_pins.find(pin).use("alt")
        self._baudrate = baudrate or self._baudrate
        self._rxbuf = rxbuf or self._rxbuf
        self._timeout = self._timeout if timeout is None else timeout
        self._timeout_char = self._timeout_char if timeout_char is None else timeout_char
        self._data = bytearray()
        self._open = True
        self._receive("", simulator.get(self._path + "input"))
        simulator.put(self._path + "baudrate", self._baudrate)
        if not self._modem:
            self._plug(self._path + "modem", simulator.get(self._path + "modem"))
        if not self._wire and simulator.get(self._path + "wire"):
            from sim_wire import Cable

            self._wire = Cable(self._path, self.feed)

    def deinit(self):
        """Stop."""
        self._open = False
        simulator.put(self._path + "baudrate", 0)

    def _receive(self, path, text):
        """The other side has sent something. (The line waits for a board that does not read; a real one does not.)"""
        if not text or not self._open:
            return
        data = bytes([ord(char) for char in text])  # ValueError: not a byte
        self.feed(data)
        simulator.set(self._path + "input", "")

    def _plug(self, path, family):
        """A modem is put onto the line, or taken from it."""
        if path == self._path + "modem":
            if self._modem:
                self._modem.unplug()
                self._modem = None
            if family:
                import sim_modem

                self._modem = sim_modem.plug(self, family)

    def feed(self, data):
        """The other side has sent bytes."""
        if not self._open:
            return
        if len(self._data) + len(data) > _WAITING_MAX:
            raise ValueError("%d bytes are waiting already" % len(self._data))
        self._data.extend(data)
        flags = UART.IRQ_RXIDLE | (UART.IRQ_RX if _ESP32 else 0)
        self._flags = flags & self._trigger
        if self._handler and self._flags:
            sim_irq.call(self._handler, self)

    def _wait(self, ms):
        """Wait for a byte; whether there is one."""
        simulator.poll()
        start = ticks_ms()
        while not self._data and ticks_diff(ticks_ms(), start) < ms:
            power.wait_ms(1)
            simulator.poll()
        return bool(self._data)

    def any(self):
        """How many bytes can be read at once."""
        simulator.poll()
        return min(len(self._data), self._rxbuf)

    def _take(self, count):
        data = bytes(memoryview(self._data)[:count])
        self._data = bytearray(memoryview(self._data)[count:])
        return data

    def read(self, nbytes=-1):
        """Read what there is, at most nbytes; None when nothing comes in time."""
        if nbytes == 0:
            return b""
        found = b""
        wait = self._timeout
        while (nbytes < 0 or len(found) < nbytes) and self._wait(wait):
            found += self._take(nbytes - len(found) if nbytes > 0 else len(self._data))
            wait = self._timeout_char
        return found or None

    def readinto(self, buf, nbytes=-1):
        """Read into buf; returns the number of bytes, or None."""
        data = self.read(len(buf) if nbytes < 0 else min(nbytes, len(buf)))
        if data is None:
            return None
        buf[: len(data)] = data
        return len(data)

    def readline(self):
        """Read up to a line end; less when the time is over, None when there is nothing."""
        found = b""
        wait = self._timeout
        while not found.endswith(b"\n") and self._wait(wait):
            end = self._data.find(b"\n")
            found += self._take(len(self._data) if end < 0 else end + 1)
            wait = self._timeout_char
        return found or None

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def write(self, buf):
        """Send; returns the number of bytes."""
        data = buf.encode() if isinstance(buf, str) else bytes(buf)
        if self._modem:
            self._modem.take(data)
            return len(data)
        if self._wire:
            self._wire.send(data)
            return len(data)
        path = self._path + "output"
        text = simulator.get(path, "") + "".join([chr(byte) for byte in data])
        simulator.put(path, text[-_OUTPUT:])
        return len(data)

    def flush(self):
        """Wait until all has been sent."""

    def txdone(self):
        """Whether all has been sent."""
        return True

    def sendbreak(self):
        """Hold the line down: uart.N.breaks counts them."""
        path = self._path + "breaks"
        simulator.put(path, simulator.get(path, 0) + 1)

    def irq(self, handler=None, trigger=0, hard=False):
        """Call handler(uart) when something has come (IRQ_RX for what comes, IRQ_RXIDLE when it pauses)."""
        if handler is not None and not callable(handler):
            raise ValueError("handler must be None or callable")
        supported = UART.IRQ_RXIDLE | UART.IRQ_BREAK | (UART.IRQ_RX if _ESP32 else UART.IRQ_TXIDLE)
        if trigger & ~supported:
            raise ValueError("trigger 0x%04x unsupported" % (trigger & ~supported))
        self._handler = handler
        self._trigger = trigger
        return _Irq(self)

    def ioctl(self, request, arg):
        """For select.poll() and asyncio."""
        if request == _POLL:
            simulator.poll()
            return arg & (_WRITABLE | (_READABLE if self._data else 0))
        return 0 if request == _FLUSH else -_EINVAL


class _Irq:
    """What UART.irq() returns."""

    def __init__(self, uart):
        self._uart = uart

    def flags(self):
        """What has happened last."""
        return self._uart._flags

    def trigger(self, trigger=None):
        """The triggers before; with trigger set them."""
        before = self._uart._trigger
        if trigger is not None:
            self._uart._trigger = trigger
        return before
