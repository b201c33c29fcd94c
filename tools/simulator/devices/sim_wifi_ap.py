# The simulated radio as an access point: network.WLAN(WLAN.IF_AP).
#
# wifi.ap.stations is the world's list of clients: {"mac": "0a0b0c0d0e0f", "ip": "192.168.4.2"}.

import network

import simulator


class AccessPoint(network.WLAN):
    """The access point."""

    _path = "wifi.ap."

    def _switched(self):
        self._tell()

    def _tell(self):
        for name in ("ssid", "key", "channel", "security", "hidden"):
            simulator.put(self._path + name, self._values.get(name, self._default(name)))

    def _default(self, name):
        """What holds as long as config has not set it."""
        if name == "ssid":
            mac = self.config("mac")
            return "ESP_%02X%02X%02X" % tuple(mac[3:]) if self._esp32 else "PICO%02X%02X" % tuple(mac[4:])
        return {"key": "", "channel": 1 if self._esp32 else 3, "security": 0, "hidden": False}[name]

    def _stations(self):
        return (simulator.get(self._path + "stations") or ()) if self._active else ()

    def isconnected(self):
        """Whether a client is connected."""
        return len(self._stations()) > 0

    def status(self, name=None):
        """The list of clients for "stations"."""
        if name is None:
            return None if self._esp32 else network.STAT_GOT_IP if self._active else network.STAT_IDLE
        if name == "rssi":
            raise OSError("STA required") if self._esp32 else ValueError("STA required")
        if name != "stations":
            raise ValueError("unknown status param")
        found = []
        for station in self._stations():
            mac = bytes.fromhex(station["mac"].replace(":", ""))
            found.append((mac, station.get("ip")) if self._esp32 else (mac,))
        return found

    def connect(self, *words, **more):
        """Only a client can do that."""
        raise OSError("STA required") if self._esp32 else OSError(1)

    def disconnect(self):
        """Only a client can do that."""
        raise OSError("STA required") if self._esp32 else OSError(1)

    def scan(self):
        """Only a client can do that."""
        raise OSError("STA must be active") if self._esp32 else OSError(1)
