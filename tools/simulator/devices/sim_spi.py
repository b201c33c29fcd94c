# machine.SPI and SoftSPI.
#
# spi.N.output (spi.soft.output for SoftSPI) is what the last transfer has sent, in hexadecimal; spi.N.input the bytes
# that come in next, 00 when there are no more; with spi.N.loopback what goes out comes in.
# sd.spi puts an SD card on the bus (sim_sd).

import sim_pins
import sim_port
from micropython import const

import simulator

_ESP32 = sim_port.port() == "esp32"
_TOLD = const(1024)  # bytes of a transfer that spi.N.output tells, the last ones


class SoftSPI:
    """A bus on any three pins."""

    MSB, LSB = (0, 1) if _ESP32 else (1, 0)
    _card = None

    def __init__(self, baudrate=500_000, *, polarity=0, phase=0, bits=8, firstbit=MSB, sck=None, mosi=None, miso=None):
        if bits != 8:
            raise ValueError("bits must be 8")
        if sck is None or mosi is None or miso is None:
            raise ValueError("must specify all of sck/mosi/miso")
        self._path = "spi.soft."
        self.init(baudrate, polarity=polarity, phase=phase, sck=sck, mosi=mosi, miso=miso)

    def init(
        self, baudrate=None, polarity=0, phase=0, bits=8, firstbit=MSB, *, sck=None, mosi=None, miso=None, pins=None
    ):
        """Set what is given."""
        for pin in pins or (sck, mosi, miso):
            if pin is not None and pin != -1:
                sim_pins.find(pin).use("alt")
        if baudrate is not None:
            simulator.put(self._path + "baudrate", baudrate)
        self._open = True

    def deinit(self):
        """Stop."""
        self._open = False
        simulator.put(self._path + "baudrate", 0)

    def _transfer(self, out, into):
        """Send out, and put what comes in meanwhile into a buffer or None."""
        if not self._open:
            raise OSError("transfer on deinitialized SPI")
        simulator.poll()
        path = self._path
        simulator.put(path + "output", bytes(out[-_TOLD:]).hex())
        if self._card and simulator.get("sd.spi") == path[4:-1] and self._card(out, into):
            return
        if simulator.get(path + "loopback"):
            if into is not None:
                into[:] = out
            return
        waiting = simulator.get(path + "input") or ""
        if into is not None:
            count = min(len(waiting) // 2, len(into))
            into[:count] = bytes.fromhex(waiting[: 2 * count])
            for i in range(count, len(into)):
                into[i] = 0
        if waiting:
            simulator.set(path + "input", waiting[2 * len(out) :])

    def write(self, buf):
        """Send; what comes in is lost."""
        self._transfer(memoryview(buf), None)

    def read(self, nbytes, write=0):
        """Receive, and send the byte write all the time."""
        buf = bytearray(nbytes)
        self.readinto(buf, write)
        return bytes(buf)

    def readinto(self, buf, write=0):
        """Receive as many bytes as buf holds."""
        self._transfer(bytes([write]) * len(buf), memoryview(buf))

    def write_readinto(self, write_buf, read_buf):
        """Send and receive at once."""
        if len(write_buf) != len(read_buf):
            raise ValueError("buffers must be the same length")
        self._transfer(bytes(write_buf), memoryview(read_buf))


class SPI(SoftSPI):
    """One of the two controllers: 1 and 2 on an ESP32, 0 and 1 on an RP2."""

    def __init__(self, id=1 if _ESP32 else 0, baudrate=1_000_000, **options):
        if id not in ((1, 2) if _ESP32 else (0, 1)):
            raise ValueError("SPI(%d) doesn't exist" % id)
        self._path = "spi.%d." % id
        self.init(baudrate, **options)
        if simulator.get("sd.spi"):
            import sim_sd

            sim_sd.insert()
            self._card = sim_sd.transfer
