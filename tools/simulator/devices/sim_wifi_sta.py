# The simulated radio as a client of an access point: network.WLAN(WLAN.IF_STA).
#
# Joining takes wifi.delay_ms. On the ESP32 a failed attempt is followed by the next, by itself, until it succeeds,
# disconnect() is called or the attempts that config(reconnects=) allows are used up; so a lost access point is found
# again when it comes back. The Pico W's tries once.

from asyncio import sleep_ms
from time import ticks_diff, ticks_ms

import network
from micropython import const

import simulator

_DELAY_MS = const(100)
_NOWHERE = "0.0.0.0"
_DEFAULT = (
    {"ssid": "Diatom", "password": "frustule", "channel": 6, "rssi": -48, "security": 3, "up": True},
    {"ssid": "Guest", "password": "", "channel": 11, "rssi": -71, "security": 0, "up": True},
)


class Station(network.WLAN):
    """The client."""

    _path = "wifi.sta."

    def _start(self, esp32):
        super()._start(esp32)
        self._wanted = None  # (ssid, password, bssid or None) of the last connect()
        self._trying = False  # attempts are being made
        self._since = 0  # when the attempt that is under way began
        self._tries = 0  # failures since connect(); a loss counts as one
        self._joined = None  # (bssid, password) of the access point that we are connected to
        self._reason = 0  # the STAT_ number of the last failure; 0: none
        self._orders = 0  # how many times a new attempt has begun
        if simulator.get("wifi.networks") is None:
            simulator.put("wifi.networks", list(_DEFAULT))
        simulator.on("wifi.networks", self._world_changed)

    def _switched(self):
        self._forget()

    def _forget(self):
        self._trying = False
        self._joined = None
        self._reason = 0
        self._tell()

    def _tell(self):
        path = self._path
        status = self._status()
        if simulator.get(path + "status") != status:
            simulator.put(path + "status", status)
        connected = self._joined is not None
        if simulator.get(path + "connected") != connected:
            simulator.put(path + "connected", connected)
            simulator.put(path + "ssid", self._wanted[0] if connected else "")

    def _world_changed(self, path, value):
        """An attempt that is under way begins again; an access point that has gone is lost at once."""
        self._update()
        self._since = ticks_ms()
        self._settle()

    def _settle(self):
        """Let the store tell the end of this attempt, also where no program looks."""
        if self._trying:
            self._orders += 1
            simulator.spawn(self._wait(self._orders))

    async def _wait(self, order):
        while order == self._orders and self._trying and ticks_diff(ticks_ms(), self._since) < self._delay():
            await sleep_ms(self._delay() // 4 + 1)
        self._update()

    def _delay(self):
        return max(simulator.get("wifi.delay_ms", _DELAY_MS), 1)

    def _update(self):
        """Bring the state up to now."""
        simulator.poll()
        if self._joined:
            if self._still_there():
                return
            self._joined = None
            self._tries += 1
            self._since = ticks_ms()
            self._reason = network.STAT_BEACON_TIMEOUT if self._esp32 else 0
            self._trying = self._again()
        elif self._trying:
            delay = self._delay()
            ended = ticks_diff(ticks_ms(), self._since) // delay
            if ended < 1:
                return
            self._since += ended * delay
            self._tries += ended
            self._attempt()
        else:
            return
        self._tell()

    def _still_there(self):
        for found, bssid in in_range():
            if bssid == self._joined[0]:
                return found["ssid"] == self._wanted[0] and found.get("password", "") == self._joined[1]
        return False

    def _attempt(self):
        """The end of an attempt."""
        ssid, password, wanted = self._wanted
        self._reason = network.STAT_NO_AP_FOUND
        best = None
        for found, bssid in in_range():
            if found["ssid"] != ssid or (wanted and wanted != bssid):
                continue
            if best and found.get("rssi", -60) < best.get("rssi", -60):
                continue
            best = found
            self._joined = (bssid, found.get("password", ""))
        if best and password == best.get("password", ""):
            self._reason = 0
            self._trying = False
            return
        self._joined = None
        if best:
            self._reason = network.STAT_WRONG_PASSWORD
        self._trying = self._again()

    def _again(self):
        """Whether another attempt follows a failure."""
        limit = self._values.get("reconnects", -1)
        return self._esp32 and (limit < 0 or self._tries <= limit)

    def connect(self, *words, bssid=None, **more):
        """Begin to join the network with an SSID and a key; without them the one of the last time."""
        if more and self._esp32:
            raise TypeError("extra keyword arguments given")
        for name in more:
            if name not in ("ssid", "key", "security", "auth", "channel"):
                raise TypeError("extra keyword arguments given")
        if len(words) > 2:
            raise TypeError("extra positional arguments given")
        ssid = words[0] if words else more.get("ssid")
        key = words[1] if len(words) > 1 else more.get("key")
        if ssid is None and not (self._esp32 and self._wanted):
            raise OSError("Wifi SSID Invalid") if self._esp32 else TypeError("'ssid' argument required")
        if bssid is not None and len(bssid) != 6:
            raise ValueError
        self._require_active("Wifi Not Started")
        self._update()
        if self._trying and self._esp32:
            raise OSError("Wifi Internal State Error")
        if ssid is not None:
            self._wanted = (_text(ssid), _text(key or ""), bytes(bssid) if bssid else None)
        self._joined = None
        self._reason = 0
        self._tries = 0
        self._since = ticks_ms()
        self._trying = True
        self._tell()
        self._settle()

    def disconnect(self):
        """Leave the network, or stop trying to join it."""
        self._require_active("Wifi Not Started")
        self._forget()

    def isconnected(self):
        """Whether there is a connection and an address."""
        self._update()
        return self._joined is not None

    def status(self, name=None):
        """The state as a STAT_ number, or the signal strength for "rssi"."""
        self._update()
        if name is None:
            return self._status()
        if name == "stations":
            raise OSError("AP required") if self._esp32 else ValueError("AP required")
        if name != "rssi":
            raise ValueError("unknown status param")
        for found, bssid in in_range():
            if self._joined and bssid == self._joined[0]:
                return found.get("rssi", -60)
        if self._esp32:
            raise OSError("Wifi Not Connected")
        return 0

    def _status(self):
        if self._joined:
            return network.STAT_GOT_IP
        if self._reason and not (self._trying and self._reason == getattr(network, "STAT_BEACON_TIMEOUT", None)):
            return self._reason
        return network.STAT_CONNECTING if self._trying else network.STAT_IDLE

    def scan(self, **options):
        """The access points in range: (ssid, bssid, channel, RSSI, security, hidden)."""
        if options and self._esp32:
            raise TypeError("function doesn't take keyword arguments")
        self._require_active("STA must be active")
        wanted = options.get("ssid", options.get("essid"))
        wanted = wanted and _text(wanted)
        found = []
        for entry, bssid in in_range():
            if wanted and entry["ssid"] != wanted:
                continue
            ssid = b"" if entry.get("hidden") else entry["ssid"].encode()
            security = entry.get("security", 3 if entry.get("password") else 0)
            channel, rssi = entry.get("channel", 1), entry.get("rssi", -60)
            if self._esp32:
                found.append((ssid, bssid, channel, rssi, security, False))
            else:  # bits: 1 is encryption, 2 is WPA, 4 is WPA2; and instead of hidden how often it was heard
                found.append((ssid, bssid, channel, rssi, (0, 1, 3, 5, 7, 5, 5, 5)[security], 1))
        return found

    def _addresses(self):
        if self._static and self._esp32 or self.isconnected():
            return super()._addresses()
        return (_NOWHERE,) * 4


def in_range():
    """The access points that can be heard, each with its hardware address."""
    number = 0
    for entry in simulator.get("wifi.networks") or ():
        number += 1
        if entry.get("up", True):
            text = entry.get("bssid")
            yield entry, bytes.fromhex(text.replace(":", "")) if text else bytes((2, 0xD1, 0xA7, 0, 1, number))


def _text(word):
    return word if isinstance(word, str) else bytes(word).decode()
