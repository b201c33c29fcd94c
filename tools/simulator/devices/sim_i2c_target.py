# machine.I2CTarget, and the bus between simulators on which it is (https://docs.micropython.org/en/latest/library/machine.I2CTarget.html).
#
# i2c.N.wire is the directory that stands for the bus. Only the events that all ports have are there: IRQ_END_READ and
# IRQ_END_WRITE. A read on an ESP32 begins each time where the last write ended, on an RP2 behind what has been read:
# its interrupt routine fetches one more byte than the controller takes.

import sim_irq
import sim_pins
import sim_port
import sim_wire
from micropython import const

import simulator

_ESP32 = sim_port.port() == "esp32"
_BUSES = const(2)
_ETIMEDOUT = 116 if _ESP32 else 110
_WAIT_MS = const(2000)  # the other simulator may be busy
_FRAME = const(8192)
_WRITE, _READ, _PROBE = const(119), const(114), const(112)  # "w", "r", "p"


class Target:
    """What a target and the old slave share: the socket, and the frames of the controller."""

    def __init__(self, bus, addr, pins):
        for pin in pins:
            if pin is not None:
                sim_pins.find(pin).use("alt")
        directory = simulator.get("i2c.%d.wire" % bus)
        self._sock = sim_wire.plug(directory, str(addr)) if directory else None
        simulator.pollers.append(self._poll)
        simulator.spawn(self._watch())

    def deinit(self):
        """Leave the bus."""
        if self._sock:
            self._sock.close()
            self._sock = None
        if self._poll in simulator.pollers:
            simulator.pollers.remove(self._poll)

    async def _watch(self):
        from asyncio import sleep_ms

        while self._sock:
            self._poll()
            await sleep_ms(1)

    def _poll(self):
        while self._sock:
            try:
                frame, sender = self._sock.recvfrom(_FRAME)
            except OSError:
                return
            answer = b""
            if frame[1] == _WRITE:
                self.written(memoryview(frame)[2:])
            elif frame[1] == _READ:
                answer = self.taken(int.from_bytes(frame[2:4], "little"))
            try:
                self._sock.sendto(frame[:1] + answer, sender)
            except OSError:  # the controller has gone
                pass


class _I2CTarget(Target):
    """A target with memory."""

    IRQ_END_READ = 16
    IRQ_END_WRITE = 32

    def __init__(self, id=0, addr=None, *, addrsize=7, mem=None, mem_addrsize=8, scl=None, sda=None):
        if addr is None:
            raise TypeError("'addr' argument required")
        if not 0 <= id < _BUSES:
            raise ValueError("I2CTarget(%d) doesn't exist" % id)
        if mem_addrsize not in (0, 8, 16, 24, 32):
            raise ValueError("mem_addrsize must be 0, 8, 16, 24 or 32")
        self._memory = mem
        self._size = mem_addrsize // 8
        self._next = self.memaddr = 0
        self._handler = None
        self._trigger = self._flags = 0
        Target.__init__(self, id, addr, (scl, sda))

    def irq(self, handler=None, trigger=IRQ_END_READ | IRQ_END_WRITE, hard=False):
        """Call handler(target) at the ends of reads and writes."""
        if handler is not None:
            self._handler = handler
            self._trigger = trigger
        return self

    def flags(self):
        """What has happened."""
        return self._flags

    def _event(self, flag):
        if self._handler and flag & self._trigger:
            self._flags = flag
            sim_irq.call(self._handler, self)

    def written(self, data):
        """The controller has written."""
        if self._memory is None:
            return
        self.memaddr = self._next = int.from_bytes(data[: self._size], "big") % len(self._memory)
        for byte in data[self._size :]:
            self._memory[self._next] = byte
            self._next = (self._next + 1) % len(self._memory)
        if not self._size or len(data) > self._size:
            self._event(self.IRQ_END_WRITE)

    def taken(self, count):
        """What the controller reads."""
        found = bytearray(count)
        if self._memory is not None:
            for i in range(count):
                found[i] = self._memory[(self._next + i) % len(self._memory)]
            if not _ESP32:
                self._next = (self._next + count + 1) % len(self._memory)
        self._event(self.IRQ_END_READ)
        return found


if not _ESP32 or sim_port.board() not in sim_port.FIRST_ESP32:
    I2CTarget = _I2CTarget


class OldSlave(Target):
    """I2C(mode=I2C.SLAVE) of freshev's older port: each write is a call of callback, and a queue of bytes is what is read."""

    SLAVE = 1

    def __init__(self, id=0, *, scl=None, sda=None, freq=100_000, mode=SLAVE, slave_addr=44, slave_wbuflen=256):
        self._most = slave_wbuflen
        self._queue = bytearray()
        self._callback = self._data = None
        Target.__init__(self, id, slave_addr, (scl, sda))

    def callback(self, function):
        """Call function(self) after each write."""
        self._callback = function

    def getcbdata(self):
        """What has been written."""
        return self._data

    def setdata(self, data, addr):
        """Append to what will be read."""
        if len(self._queue) + len(data) > self._most:
            raise OSError(12)
        self._queue.extend(data)

    def written(self, data):
        self._data = bytes(data)
        if self._callback:
            sim_irq.call(self._callback, self)

    def taken(self, count):
        found = bytes(memoryview(self._queue)[:count])
        self._queue = bytearray(memoryview(self._queue)[count:])
        return found + bytes(count - len(found))


_wires = {}  # path of a bus: Wire


def wire(path, nobody):
    """The controller's end of a bus."""
    if path not in _wires:
        _wires[path] = Wire(path, nobody)
    return _wires[path]


class Wire:
    """The controller's end of a bus. i2c.N.bits counts the periods of its clock: 9 for a byte, 2 for start and stop."""

    def __init__(self, path, nobody):
        self._path = path
        self._nobody = nobody
        self._directory = simulator.get(path + "wire")
        self._sock = sim_wire.plug(self._directory)
        self._noise = sim_wire.Noise(path)
        self._turn = 0

    def addresses(self):
        """The targets that answer."""
        found = [int(name) for name in sim_wire.names(self._directory) if name.isdigit()]
        return [addr for addr in found if self._is_there(addr)]

    def _is_there(self, addr):
        try:
            self._ask(addr, bytes((_PROBE,)))
            return True
        except OSError:
            return False

    def write(self, addr, data):
        """Write to a target."""
        self._count(len(data))
        data = self._noise.damage(data)
        if data is None:
            raise OSError(self._nobody)  # an acknowledgement got lost
        self._ask(addr, bytes((_WRITE,)) + bytes(data))

    def read(self, addr, buf):
        """Read from a target."""
        self._count(len(buf))
        data = self._noise.damage(self._ask(addr, bytes((_READ,)) + len(buf).to_bytes(2, "little")))
        if data is None:
            raise OSError(_ETIMEDOUT)
        buf[: len(data)] = data

    def _count(self, size):
        path = self._path + "bits"
        simulator.put(path, simulator.get(path, 0) + 9 * (size + 1) + 2)

    def _ask(self, addr, frame):
        import select

        self._turn = (self._turn + 1) & 0xFF
        try:
            self._sock.sendto(bytes((self._turn,)) + frame, sim_wire.address(self._directory, addr))
        except OSError:
            raise OSError(self._nobody)
        poller = select.poll()
        poller.register(self._sock, select.POLLIN)
        while poller.poll(_WAIT_MS):
            answer = self._sock.recv(_FRAME)
            if answer[0] == self._turn:
                return memoryview(answer)[1:]
        raise OSError(_ETIMEDOUT)
