# machine.RTC: the clock, and on an ESP32 2 kB of memory that survive a reset.

import power
import sim_port
from micropython import const

_MEMORY = const(2048)


class RTC:
    """The one clock of the board."""

    def __init__(self, id=0, *, datetime=None):
        if datetime:
            self.init(datetime)

    def datetime(self, datetimetuple=None):
        """(year, month, day, weekday, hours, minutes, seconds, microseconds); with such a tuple set the clock."""
        import time

        if datetimetuple is None:
            ns = time.time_ns()
            t = time.gmtime(ns // 1_000_000_000)
            return t[0], t[1], t[2], t[6], t[3], t[4], t[5], ns // 1000 % 1_000_000
        if len(datetimetuple) != 8:
            raise ValueError("requested length 8 but object has length %d" % len(datetimetuple))
        year, month, day, _, hour, minute, second, microseconds = datetimetuple
        import sim_clock

        sim_clock.set_ahead(time.mktime((year, month, day, hour, minute, second, 0, 0, 0)) + microseconds / 1_000_000)

    def init(self, datetime=None):
        """Set the clock to (year, month, day[, hour[, minute[, second[, microsecond[, tzinfo]]]]])."""
        if datetime is not None:
            year, month, day, *rest = datetime
            hour, minute, second, microsecond = (list(rest) + [0, 0, 0, 0])[:4]
            self.datetime((year, month, day, 0, hour, minute, second, microsecond))

    if sim_port.port() == "esp32":

        def memory(self, data=None):
            """The bytes that are kept; with data keep these."""
            if data is None:
                return bytes.fromhex(power.kept)
            if len(data) > _MEMORY:
                raise ValueError("buffer too long")
            power.keep(bytes(data).hex())
