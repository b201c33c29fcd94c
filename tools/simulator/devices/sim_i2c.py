# machine.I2C and SoftI2C.
#
# i2c.N.devices (i2c.soft.devices for SoftI2C) is what hangs on the bus: {"60": {"registers": {"0": 18, "2": [1, 2]}}}.
# A number is one register, a list as many as it has entries, or one of several bytes; what is not there reads as 0. A
# write sets the register that its first byte names ("addrsize": 16: its first two) and those after it. i2c.N.60.written
# is the last write in hexadecimal. {"118": {"chip": "bme280", ...}} behaves as that chip does: sim_CHIP.py has a Chip().

import sim_pins
import sim_port

import simulator

_ESP32 = sim_port.port() == "esp32"
_chips = {}  # (path of the bus, address): (name, Chip) of those that behave as a certain one
_NOBODY = 19 if _ESP32 else 5  # ENODEV; an RP2 says EIO


class SoftI2C:
    """A bus on any two pins."""

    def __init__(self, scl, sda, *, freq=400_000, timeout=50_000):
        self._begin("soft", scl, sda, freq)

    def _begin(self, id, scl, sda, freq):
        self._path = "i2c.%s." % id
        self._pointers = {}  # address: the register that comes next
        self._wire = None
        if simulator.get(self._path + "wire"):
            from sim_i2c_target import wire

            self._wire = wire(self._path, _NOBODY)
        for pin in (scl, sda):
            if pin is not None:
                sim_pins.find(pin).use("alt")
        simulator.put(self._path + "freq", freq)

    def init(self, scl=None, sda=None, *, freq=400_000):
        """Set the pins and the speed."""
        self._begin(self._path[4:-1], scl, sda, freq)

    def deinit(self):
        simulator.put(self._path + "freq", 0)

    def _devices(self):
        simulator.poll()
        return simulator.get(self._path + "devices") or {}

    def _device(self, addr):
        for text, device in self._devices().items():
            if int(text) == addr:
                return device
        if self._wire:
            return None
        raise OSError(_NOBODY)

    def scan(self):
        """The addresses that answer."""
        wired = self._wire.addresses() if self._wire else []
        return sorted([addr for addr in list(map(int, self._devices())) + wired if 8 <= addr <= 0x77])

    def _chip(self, addr, device):
        name, chip = _chips.get((self._path, addr), (None, None))
        if name != device["chip"]:
            name = device["chip"]
            chip = __import__("sim_" + name).Chip()
            _chips[(self._path, addr)] = name, chip
        return chip

    def _write(self, addr, data):
        device = self._device(addr)
        if device is None:
            self._wire.write(addr, data)
            return
        simulator.put("%s%d.written" % (self._path, addr), bytes(data).hex())
        if "chip" in device:
            if data:
                self._chip(addr, device).write(device, data)
                simulator.put(self._path + "devices", simulator.get(self._path + "devices"))
            return
        size = device.get("addrsize", 8) // 8
        if len(data) < size:
            return
        place = int.from_bytes(data[:size], "big")
        registers = device.setdefault("registers", {})
        for byte in data[size:]:
            _put(registers, place, byte)
            place += 1
        self._pointers[addr] = place
        if len(data) > size:
            simulator.put(self._path + "devices", simulator.get(self._path + "devices"))

    def _read(self, addr, buf):
        device = self._device(addr)
        if device is None:
            self._wire.read(addr, buf)
            return
        if "chip" in device:
            self._chip(addr, device).read(device, buf)
            return
        registers = device.get("registers", {})
        place = self._pointers.get(addr, 0)
        i = 0
        while i < len(buf):
            found = registers.get(str(place))
            if isinstance(found, list):  # all of it, even where the next register has a value of its own
                for byte in found[: len(buf) - i]:
                    buf[i] = byte
                    i += 1
                place += len(found)
            else:
                buf[i] = _get(registers, place) if found is None else found
                i += 1
                place += 1
        self._pointers[addr] = place

    def readfrom_into(self, addr, buf, stop=True):
        """Read as many bytes as buf holds."""
        self._read(addr, memoryview(buf))

    def readfrom(self, addr, nbytes, stop=True):
        """Read bytes."""
        buf = bytearray(nbytes)
        self._read(addr, buf)
        return bytes(buf)

    def writeto(self, addr, buf, stop=True):
        """Write bytes; returns how many were acknowledged."""
        self._write(addr, memoryview(buf))
        return len(buf)

    def writevto(self, addr, vector, stop=True):
        """Write several buffers at once."""
        return self.writeto(addr, b"".join([bytes(part) for part in vector]))

    def readfrom_mem_into(self, addr, memaddr, buf, *, addrsize=8):
        """Read from a register on."""
        self._write(addr, _address(memaddr, addrsize))
        self._read(addr, memoryview(buf))

    def readfrom_mem(self, addr, memaddr, nbytes, *, addrsize=8):
        """Read from a register on."""
        buf = bytearray(nbytes)
        self.readfrom_mem_into(addr, memaddr, buf, addrsize=addrsize)
        return bytes(buf)

    def writeto_mem(self, addr, memaddr, buf, *, addrsize=8):
        """Write from a register on."""
        self._write(addr, _address(memaddr, addrsize) + bytes(buf))

    def _primitive(self, *args):
        raise OSError("I2C operation not supported")

    start = stop = readinto = write = _primitive


class I2C(SoftI2C):
    """One of the two controllers; on an ESP32, I2C(-1, scl, sda) is still SoftI2C."""

    def __init__(self, id=0, *pins, scl=None, sda=None, freq=400_000, timeout=50_000):
        if _ESP32 and id == -1:
            print("Warning: I2C(-1, ...) is deprecated, use SoftI2C(...) instead")
            self._begin("soft", *(pins or (scl, sda)), freq)
            return
        if pins:
            raise TypeError("extra positional arguments given")
        if id not in (0, 1):
            raise ValueError("I2C(%d) doesn't exist" % id)
        self._begin(id, scl, sda, freq)


if simulator.get("i2c.old_slave"):  # the firmware is freshev's older one
    from sim_i2c_target import OldSlave

    class I2C(I2C):
        """A controller, or with mode=I2C.SLAVE a slave."""

        SLAVE = OldSlave.SLAVE

        def __new__(cls, *args, mode=None, **options):
            return OldSlave(*args, **options) if mode == OldSlave.SLAVE else object.__new__(cls)


def _address(memaddr, addrsize):
    if addrsize not in (8, 16, 24, 32):
        raise ValueError("invalid addrsize")
    return memaddr.to_bytes(addrsize // 8, "big")


def _around(registers, place):
    """The list that holds register place, and where in it; None where no list does."""
    for text, found in registers.items():
        if isinstance(found, list) and 0 <= place - int(text) < len(found):
            return found, place - int(text)
    return None, 0


def _get(registers, place):
    found, i = _around(registers, place)
    return found[i] if found else 0


def _put(registers, place, byte):
    key = str(place)
    found, i = _around(registers, place)
    if found and not isinstance(registers.get(key), int):
        found[i] = byte
    else:
        registers[key] = byte
