# dht: the humidity sensors DHT11 and DHT22 (https://docs.micropython.org/en/latest/esp32/quickref.html#dht-driver).
#
# The world gives dht.PIN.temperature (degrees Celsius) and dht.PIN.humidity (percent). Without them nothing answers,
# as with a loose wire; where dht.PIN.fault is set, the checksum of the answer is wrong.

import errno

import sim_port

import simulator


class DHTBase:
    """A sensor at a pin. It answers with five bytes."""

    _step = 10  # its numbers are tenths

    def __init__(self, pin):
        self.pin = pin
        self.buf = bytearray(5)

    def measure(self):
        """Take a measurement; OSError(ETIMEDOUT) where there is no answer."""
        path = "dht." + sim_port.pin_number(self.pin)
        temperature = simulator.get(path + ".temperature")
        humidity = simulator.get(path + ".humidity")
        if temperature is None or humidity is None:
            raise OSError(errno.ETIMEDOUT)
        self._answer(self.buf, round(humidity * self._step), round(temperature * self._step))
        self.buf[4] = sum(self.buf[:4]) & 255
        if simulator.get(path + ".fault"):
            raise Exception("checksum error")


class DHT11(DHTBase):
    """Whole degrees from 0 to 50, whole percents."""

    _step = 1

    def _answer(self, buf, humidity, temperature):
        buf[0] = humidity
        buf[1] = 0
        buf[2] = max(temperature, 0)
        buf[3] = 0

    def humidity(self):
        """Percent at the last measurement."""
        return self.buf[0]

    def temperature(self):
        """Degrees at the last measurement."""
        return self.buf[2]


class DHT22(DHTBase):
    """Tenths of a degree and of a percent."""

    def _answer(self, buf, humidity, temperature):
        buf[0] = humidity >> 8
        buf[1] = humidity & 255
        buf[2] = abs(temperature) >> 8 | (0x80 if temperature < 0 else 0)
        buf[3] = abs(temperature) & 255

    def humidity(self):
        """Percent at the last measurement."""
        return (self.buf[0] << 8 | self.buf[1]) / 10

    def temperature(self):
        """Degrees at the last measurement."""
        tenths = (self.buf[2] & 0x7F) << 8 | self.buf[3]
        return (-tenths if self.buf[2] & 0x80 else tenths) / 10
