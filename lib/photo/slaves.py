# The ends of the photo link at the board with the camera: machine.I2CTarget, the I2C.SLAVE of freshev's older port, and a UART.

import asyncio

from micropython import const

from base.chip import module
from base.errors import Failure
from photo.link import BAD, COMMAND_MAX, HEAD, OLD_DATA, OLD_WORDS, PACKET_MAX, TAIL, parse

_MEMORY = COMMAND_MAX + HEAD + PACKET_MAX + TAIL
_SERIAL_BUFFER = const(256)
_IDLE_MS = const(200)  # a command on a serial line that pauses this long is given up


class Target:
    """The commands come and the answers go through the memory of a machine.I2CTarget without memory addresses.

    A write begins at the first byte of that memory, and the read after it where the write ended: there the answer is put.
    An ESP32 begins each further read at the same place, an RP2 behind what it has read. So the parts of an old `get`, which
    some masters read one by one, are moved to that place on an ESP32.
    """

    def __init__(self, slave, *bus, restarts, **pins):
        """bus, pins: the arguments of I2CTarget. restarts: whether each read begins at the same place."""
        from machine import I2CTarget  # type: ignore[attr-defined]  # late: not every firmware has it

        self._slave = slave
        self._restarts = restarts
        self._memory = bytearray(_MEMORY)
        self._place = COMMAND_MAX  # where the answer begins
        self._parts = ()  # of an old `get`: what further reads ask for
        self._came = asyncio.ThreadSafeFlag()
        self._ends = I2CTarget.IRQ_END_READ, I2CTarget.IRQ_END_WRITE
        self._target = I2CTarget(*bus, mem=self._memory, mem_addrsize=0, **pins)
        self._target.irq(self._interrupt, self._ends[0] | self._ends[1])

    def _interrupt(self, target):
        flags = target.irq().flags()
        if flags & self._ends[1]:
            length, _ = self._command()
            if length:
                self._memory[length] = 0  # the answer before is none to this command
            self._parts = ()
            self._came.set()
        elif flags & self._ends[0] and self._parts:
            self._put(self._parts[0])
            self._parts = self._parts[1:]

    def _command(self):
        """(bytes that the command takes, whether it is an old one); 0 bytes for what is none."""
        start = bytes(memoryview(self._memory)[:COMMAND_MAX])
        end = start.find(b"\n")
        if end > 0 and parse(start[:end]):
            return end + 1, False
        for word in OLD_WORDS:
            if start.startswith(word.encode()):
                return len(word), True
        return 0, True

    def _put(self, parts):
        """Place the parts of an answer; its first byte last, since a master may read at any time."""
        view = memoryview(self._memory)
        start = place = self._place
        first = None
        for part in parts:
            if first is None and len(part):
                first = part[0]
                view[place + 1 : place + len(part)] = part[1:] if len(part) > 1 else b""
            else:
                view[place : place + len(part)] = part
            place += len(part)
        if first is not None:
            view[start] = first

    async def run(self):
        """Serve until cancelled."""
        while True:
            await self._came.wait()
            length, old = self._command()
            if not length:
                if self._memory[0]:  # where its end is cannot be told
                    for i in range(len(self._memory)):
                        self._memory[i] = BAD
                continue
            line = bytes(self._memory[: length if old else length - 1])
            answer = [memoryview(part) for part in await self._slave.answer(line)]
            for i in range(length):
                self._memory[i] = 0  # nothing of it is taken for a part of the next, shorter one
            self._place = length
            self._put(answer)
            if self._restarts and old and answer[0][0] == OLD_DATA:
                self._parts = ([answer[0][1:], answer[1]], [answer[1]])
            await self._slave.later()

    def close(self):
        self._target.deinit()


class OldTarget:
    """I2C(mode=I2C.SLAVE) of freshev's older port: a callback for each write, and a queue of bytes to be read."""

    def __init__(self, slave, **pins):
        from machine import I2C  # late: as above

        self._slave = slave
        self._line = None
        self._came = asyncio.ThreadSafeFlag()
        self._i2c = I2C(mode=I2C.SLAVE, slave_wbuflen=2 * PACKET_MAX, **pins)  # type: ignore[attr-defined]
        self._i2c.callback(self._heard)

    def _heard(self, event):
        line = event.getcbdata()
        if line != self._line:  # the master repeats it until the answer is there
            self._line = line
            self._came.set()

    async def run(self):
        """Serve until cancelled."""
        while True:
            await self._came.wait()
            line = self._line or b""
            for part in await self._slave.answer(line[:-1] if line[-1:] == b"\n" else line):
                if len(part):
                    self._i2c.setdata(part, 0)
            self._line = None
            await self._slave.later()

    def close(self):
        self._i2c.deinit()


class Serial:
    """A UART. Both kinds of commands end with a newline here: a line has no other end."""

    def __init__(self, slave, uart):
        self._slave = slave
        self._uart = uart
        self._stream = asyncio.StreamReader(uart)
        self._writer = asyncio.StreamWriter(uart, {})

    async def _command(self):
        """The next line without its newline; None for what is too long or stops in the middle."""
        line = await self._stream.read(1)
        while line[-1:] != b"\n":
            if len(line) >= COMMAND_MAX:
                return None
            try:
                line += await asyncio.wait_for_ms(self._stream.read(1), _IDLE_MS)
            except asyncio.TimeoutError:
                return None
        return line[:-1]

    async def run(self):
        """Serve until cancelled."""
        while True:
            line = await self._command()
            if line is None:
                continue
            for part in await self._slave.answer(line):
                self._writer.write(part)
            await self._writer.drain()
            await self._slave.later()

    def close(self):
        self._uart.deinit()


def open_end(slave, kind, number, pins, address, baud):
    """The end of the link at a bus ("i2c" or "uart") and a controller with these pins, {signal: GPIO}. Failure: there is none."""
    import machine  # late: as above

    try:
        pins = {signal: machine.Pin(gpio) for signal, gpio in pins.items()}
        if kind == "uart":
            return Serial(slave, machine.UART(number, baud, tx=pins["tx"], rx=pins["rx"], rxbuf=_SERIAL_BUFFER))
        if hasattr(machine, "I2CTarget"):
            return Target(slave, number, address, restarts=module("esp32") is not None, **pins)
        if hasattr(machine.I2C, "SLAVE"):
            return OldTarget(slave, **pins)
    except (ValueError, OSError, KeyError) as e:
        raise Failure(f"{kind} {number}", str(e))
    raise Failure("", "this firmware cannot be an I2C slave; use a serial line: -u")
