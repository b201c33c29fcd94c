# _onewire: the 1-Wire bus, bit by bit, with the temperature sensors that the world has put on it.
#
# ds18x20.PIN is a dictionary: the eight bytes of a sensor's address in hexadecimal, and its temperature in degrees
# Celsius. A sensor shows 85 degrees until its first conversion, as the real one does after power-on.

import sim_port
from micropython import const

import simulator

_SEARCH = const(0xF0)
_MATCH = const(0x55)
_SKIP = const(0xCC)
_READ_ROM = const(0x33)
_CONVERT = const(0x44)
_READ = const(0xBE)
_WRITE = const(0x4E)
_FAMILY_S = const(0x10)  # DS18S20: half degrees

_buses = {}  # the number of a pin: its bus


class _Sensor:
    def __init__(self, address):
        self.address = address
        # temperature low, high, alarms, configuration, two reserved, 0x10, checksum
        self.memory = bytearray(b"\x50\x05\x4b\x46\x7f\xff\x0c\x10\x00")
        if address[0] == _FAMILY_S:
            self.memory[:2] = b"\xaa\x00"
        self.memory[8] = crc8(self.memory[:8])

    def convert(self, degrees):
        if self.address[0] == _FAMILY_S:  # half degrees, and the rest that the driver adds to whole ones
            raw = round(degrees * 2) & 0xFFFF
            self.memory[6] = 4 if raw & 1 else 12
        else:
            raw = round(degrees * 16) & 0xFFFF
        self.memory[0] = raw & 255
        self.memory[1] = raw >> 8
        self.memory[8] = crc8(self.memory[:8])


class _Bus:
    def __init__(self, number):
        self.path = "ds18x20." + number
        self.sensors = {}  # address in hexadecimal: _Sensor; those that the world has had since the start
        self.listening = []  # the sensors that the master talks to
        self.command = 0  # the command under way
        self.selecting = False  # a command about addresses comes next
        self.bits = 0  # how many bits of the current command's data have gone over the wire
        self.byte = 0  # the bits of the byte that is coming

    def world(self):
        return simulator.get(self.path) or {}

    def reset(self):
        present = []
        for text in self.world():
            if text not in self.sensors:
                self.sensors[text] = _Sensor(bytes.fromhex(text))
            present.append(self.sensors[text])
        self.listening = present
        self.command = self.byte = self.bits = 0
        self.selecting = True
        return len(present) > 0

    def _begin(self, command):
        """All bits of a command are there."""
        self.command = command
        self.bits = self.byte = 0
        if self.selecting:
            if command == _SKIP:
                self.selecting = False
                self.command = 0
            elif command not in (_SEARCH, _MATCH, _READ_ROM):
                self.listening = []
        elif command == _CONVERT:
            world = self.world()
            for text in self.sensors:
                if self.sensors[text] in self.listening and text in world:
                    self.sensors[text].convert(world[text])

    def write(self, bit):
        if self.command == 0:
            self.byte |= bit << self.bits
            self.bits += 1
            if self.bits == 8:
                self._begin(self.byte)
            return
        if self.command == _SEARCH:  # three slots for each bit: it, its complement, the master's choice
            self._choose(self.bits // 3, bit)
            self.bits += 1
            return
        if self.command == _MATCH:
            self._choose(self.bits, bit)
            self.bits += 1
            if self.bits == 64:
                self.selecting = False
                self.command = self.bits = self.byte = 0
        elif self.command == _WRITE and self.bits < 24:
            at = 2 + self.bits // 8
            for sensor in self.listening:
                mask = 1 << (self.bits & 7)
                sensor.memory[at] = sensor.memory[at] & ~mask | (mask if bit else 0)
                sensor.memory[8] = crc8(sensor.memory[:8])
            self.bits += 1

    def _choose(self, at, bit):
        """Those whose address has another bit there listen no more."""
        self.listening = [sensor for sensor in self.listening if _bit(sensor.address, at) == bit]

    def read(self):
        """What the wire shows: 0 where any of them pulls it down."""
        level = 1
        if self.command == 0:
            return level
        for sensor in self.listening:
            if self.command == _SEARCH:
                level &= _bit(sensor.address, self.bits // 3) ^ (self.bits % 3)
            elif self.command == _READ_ROM:
                level &= _bit(sensor.address, self.bits)
            elif self.command == _READ:
                level &= _bit(sensor.memory, self.bits)
        self.bits += 1
        if self.command == _READ_ROM and self.bits == 64:
            self.selecting = False
            self.command = self.bits = self.byte = 0
        return level


def _bit(data, number):
    return data[number >> 3] >> (number & 7) & 1 if number >> 3 < len(data) else 1


def _bus(pin):
    number = sim_port.pin_number(pin)
    if number not in _buses:
        _buses[number] = _Bus(number)
    return _buses[number]


def reset(pin):
    """Begin a transaction; True where a device answers."""
    return _bus(pin).reset()


def readbit(pin):
    """Read a bit."""
    return _bus(pin).read()


def readbyte(pin):
    """Read eight bits, the lowest first."""
    bus = _bus(pin)
    value = 0
    for i in range(8):
        value |= bus.read() << i
    return value


def writebit(pin, value):
    """Write a bit."""
    _bus(pin).write(value & 1)


def writebyte(pin, value):
    """Write eight bits, the lowest first."""
    bus = _bus(pin)
    for i in range(8):
        bus.write(value >> i & 1)


def crc8(data):
    """The checksum of 1-Wire: 0 over data that ends with its own."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x8C if crc & 1 else crc >> 1
    return crc
