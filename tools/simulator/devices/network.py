# network: the radio of the simulated board (https://docs.micropython.org/en/latest/library/network.WLAN.html).
#
# It behaves as the ESP32's, or as the Pico W's where the board is one. The world around it is `wifi.networks` in the
# store of the simulated devices, and what it does stands under `wifi.sta` and `wifi.ap` (docs/simulator-network.md).
# LAN and PPP are not there. Sockets are this computer's, and do not need a connection.

import sim_port

import simulator

sim_port.require("network", sim_port.has_radio())

_ESP32 = sim_port.port() == "esp32"

STA_IF = 0
AP_IF = 1
if _ESP32:
    STAT_IDLE = 1000
    STAT_CONNECTING = 1001
    STAT_GOT_IP = 1010
    STAT_BEACON_TIMEOUT = 200
    STAT_NO_AP_FOUND = 201
    STAT_WRONG_PASSWORD = 202
    STAT_ASSOC_FAIL = 203
    STAT_CONNECT_FAIL = 203
    STAT_HANDSHAKE_TIMEOUT = 204
    STAT_NO_AP_FOUND_W_COMPATIBLE_SECURITY = 210
    STAT_NO_AP_FOUND_IN_AUTHMODE_THRESHOLD = 211
    STAT_NO_AP_FOUND_IN_RSSI_THRESHOLD = 212
else:
    STAT_IDLE = 0
    STAT_CONNECTING = 1
    STAT_GOT_IP = 3
    STAT_CONNECT_FAIL = -1
    STAT_NO_AP_FOUND = -2
    STAT_WRONG_PASSWORD = -3

_HOSTNAME_MAX = 32

# Constants that programs seldom use, made when asked for.
_RARE = (
    "MODE_11B=1 MODE_11G=2 MODE_11N=4 MODE_LR=8 AUTH_OPEN=0 AUTH_WEP=1 AUTH_WPA_PSK=2 AUTH_WPA2_PSK=3 "
    "AUTH_WPA_WPA2_PSK=4 AUTH_WPA2_ENTERPRISE=5 AUTH_WPA3_PSK=6 AUTH_WPA2_WPA3_PSK=7 AUTH_WAPI_PSK=8 AUTH_OWE=9 "
    "AUTH_WPA3_ENT_192=10 AUTH_WPA3_EXT_PSK=11 AUTH_WPA3_EXT_PSK_MIXED_MODE=12 AUTH_MAX=17 "
)

_interfaces = [None, None]


def __getattr__(name):
    if _ESP32:
        before, found, value = _RARE.partition(name + "=")
        if found and (not before or before[-1] == " "):
            return int(value.split(" ", 1)[0])
    raise AttributeError(name)


def country(code=None):
    """Get or set the two letters of the country."""
    if code is None:
        return simulator.get("wifi.country", "XX")
    if len(code) != 2:
        raise ValueError
    simulator.put("wifi.country", code)


def hostname(name=None):
    """Get or set the name by which the board announces itself."""
    if name is None:
        return simulator.get("wifi.hostname", "mpy-esp32" if _ESP32 else "PicoW")
    if len(name) > _HOSTNAME_MAX:
        raise ValueError
    simulator.put("wifi.hostname", name)


def ipconfig(*query, **changes):
    """Get or set the name server."""
    import sim_wifi_config

    return sim_wifi_config.resolver(query, changes)


if _ESP32:

    def phy_mode(mode=None):
        """There for compatibility: the ESP32's does nothing either."""


class WLAN:
    """One of the two interfaces; there is one object for each."""

    IF_STA = 0
    IF_AP = 1
    SEC_OPEN = 0
    if _ESP32:
        SEC_WEP = 1
        SEC_WPA = 2
        SEC_WPA2 = 3
        SEC_WPA_WPA2 = 4
        SEC_WPA2_ENT = 5
        SEC_WPA3 = 6
        SEC_WPA2_WPA3 = 7
        SEC_WAPI = 8
        SEC_OWE = 9
        SEC_WPA3_ENT_192 = 10
        SEC_WPA3_EXT_PSK = 11
        SEC_WPA3_EXT_PSK_MIXED_MODE = 12
        SEC_DPP = 13
        SEC_WPA3_ENT = 14
        SEC_WPA2_WPA3_ENT = 15
        SEC_WPA_ENT = 16
        PM_NONE = 0
        PM_PERFORMANCE = 1
        PM_POWERSAVE = 2
        PROTOCOL_DEFAULT = 7
        PROTOCOL_LR = 8
        BANDWIDTH_20 = 1
        BANDWIDTH_40 = 2
        BANDWIDTH_80 = 3
        BANDWIDTH_160 = 4
        BANDWIDTH_80_80 = 5
    else:
        SEC_WPA_WPA2 = 0x00400006
        SEC_WPA3 = 0x01000004
        SEC_WPA2_WPA3 = 0x01400004
        PM_NONE = 0x10
        PM_PERFORMANCE = 0xA11142
        PM_POWERSAVE = 0x11

    def __new__(cls, interface=0):
        if interface not in (0, 1):
            raise ValueError("invalid WLAN interface identifier")
        if not _interfaces[interface]:
            if interface:
                from sim_wifi_ap import AccessPoint as Interface
            else:
                from sim_wifi_sta import Station as Interface
            found = object.__new__(Interface)
            found._start(_ESP32)
            _interfaces[interface] = found
        return _interfaces[interface]

    def _start(self, esp32):
        self._esp32 = esp32
        self._active = False
        self._static = None  # the four addresses that ifconfig or ipconfig has set
        self._values = {}  # what config has set

    def active(self, state=None):
        """Get or set whether the interface is on."""
        if state is not None and bool(state) != self._active:
            self._active = bool(state)
            self._switched()
            simulator.put(self._path + "active", self._active)
        if state is None or self._esp32:
            return self._active

    def _require_active(self, message):
        if not self._active:
            raise OSError(message) if self._esp32 else OSError(1)

    def config(self, *query, **changes):
        """Get a setting by its name, or set some."""
        import sim_wifi_config

        return sim_wifi_config.config(self, query, changes)

    def _addresses(self):
        """The four addresses that are in force."""
        if self._static:
            return self._static
        here = simulator.get("wifi.address", "127.0.0.1")
        dns = simulator.get("wifi.dns", "127.0.0.1")
        if here.startswith("127."):
            return (here, "255.0.0.0", here, dns)
        return (here, "255.255.255.0", here.rsplit(".", 1)[0] + ".1", dns)

    def ifconfig(self, setting=None):
        """Get or set address, mask, gateway and name server."""
        if setting is None:
            return self._addresses()
        import sim_wifi_config

        sim_wifi_config.ifconfig(self, setting)

    def ipconfig(self, *query, **changes):
        """Get or set one of dhcp4, addr4 and gw4."""
        import sim_wifi_config

        return sim_wifi_config.ipconfig(self, query, changes)
