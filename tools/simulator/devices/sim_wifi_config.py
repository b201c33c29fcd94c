# The settings of the simulated radio: what config, ifconfig and ipconfig get and set.

import network

import simulator

# NAME:GET:SET, where s is the client and a the access point.
_ESP32 = (
    "mac:sa:sa ssid:sa:a hidden:a:a security:a:a key::a channel:sa:sa bandwidth:sa:sa hostname:s:sa max_clients:sa:a "
    "reconnects:s:s txpower:sa:sa protocol:sa:sa pm:sa:sa ifname:sa:"
)
_RP2 = (
    "mac:sa: ssid:sa:sa security:sa:sa key::sa channel:sa:sa hostname:sa:sa txpower:sa:sa pm:sa:sa antenna:sa:sa "
    "monitor::sa trace::sa"
)
_ALIASES = (("essid", "ssid"), ("authmode", "security"), ("password", "key"), ("dhcp_hostname", "hostname"))
_KEY_MIN = 8


def _checked(wlan, name, setting):
    """The settings's own name; ValueError where the chip has none of that name, OSError for the wrong interface."""
    for alias, real in _ALIASES:
        if name == alias and (wlan._esp32 or name in ("essid", "password")):
            name = real
    letter = "s" if wlan._path == "wifi.sta." else "a"
    for entry in (_ESP32 if wlan._esp32 else _RP2).split(" "):
        known, *uses = entry.split(":")
        use = uses[setting]
        if known == name and use:
            if letter not in use:
                raise OSError("AP required" if letter == "s" else "STA required")
            return name
    raise ValueError("unknown config param")


def _one(query, changes):
    """Whether a single value is asked for; TypeError for a mixture."""
    if changes and query:
        raise TypeError("either pos or kw args are allowed")
    if not changes and len(query) != 1:
        raise TypeError("can query only one param")
    return not changes


def address(text):
    """text if it is an IPv4 address, else ValueError."""
    parts = text.split(".")
    for part in parts:
        if not part.isdigit() or int(part) > 255:
            raise ValueError("invalid arguments")
    if len(parts) != 4:
        raise ValueError("invalid arguments")
    return text


def config(wlan, query, changes):
    """network.WLAN.config."""
    if _one(query, changes):
        return _get(wlan, query[0])
    _change(wlan, changes)


def _get(wlan, name):
    name = _checked(wlan, name, 0)
    if name in wlan._values:
        return wlan._values[name]
    station = wlan._path == "wifi.sta."
    if name == "mac":
        mac = bytearray(bytes.fromhex(simulator.get("wifi.mac", "02d1a75e0001")))
        mac[5] = (mac[5] + (0 if station else 1)) & 255
        return bytes(mac)
    if name == "hostname":
        return network.hostname()
    if name == "ifname":
        return "st1" if station else "ap2"
    if name == "ssid" and station:
        return wlan._wanted[0] if wlan._wanted and (wlan._esp32 or wlan.isconnected()) else ""
    if name == "channel" and station:
        return _channel(wlan)
    if name in ("ssid", "channel", "hidden") or (name == "security" and not station):
        return wlan._default(name)
    return {
        "security": 0,
        "bandwidth": 2,
        "max_clients": 4,
        "reconnects": -1,
        "txpower": 20.0 if wlan._esp32 else 20,
        "protocol": 7,
        "pm": wlan.PM_PERFORMANCE,
        "antenna": 0,
    }[name]


def _channel(wlan):
    from sim_wifi_sta import in_range

    if wlan.isconnected():
        for found, bssid in in_range():
            if bssid == wlan._joined[0]:
                return found.get("channel", 1)
    return 1


def _change(wlan, changes):
    """Take all of the changes, or none."""
    new = dict(wlan._values)
    for alias in changes:
        name = _checked(wlan, alias, 1)
        value = changes[alias]
        if name in ("ssid", "key"):
            value = value if isinstance(value, str) else bytes(value).decode()
            value = value[: 32 if name == "ssid" else 63]
        elif name == "mac":
            value = bytes(value)
            if len(value) != 6:
                raise ValueError("invalid buffer length")
        elif name == "hidden":
            value = bool(value)
        elif name == "hostname":
            network.hostname(value)
            continue
        elif name == "txpower" and wlan._esp32:
            value = int(value * 4) / 4
        elif not isinstance(value, (int, bool)):
            raise TypeError("can't convert %s to int" % type(value).__name__)
        new[name] = value
    if wlan._esp32 and wlan._path == "wifi.ap.":
        # The chip refuses a protected network with a short password.
        if new.get("security", 0) and len(new.get("key", "")) < _KEY_MIN:
            raise OSError("Wifi Invalid Password")
    wlan._values = new
    wlan._tell()


def _address(text):
    """text if it is an IPv4 address, else ValueError."""
    parts = text.split(".")
    for part in parts:
        if not part.isdigit() or int(part) > 255:
            raise ValueError("invalid arguments")
    if len(parts) != 4:
        raise ValueError("invalid arguments")
    return text


def _mask(bits):
    if not 0 <= bits <= 32:
        raise ValueError("invalid arguments")
    number = 0xFFFFFFFF << (32 - bits)
    return ".".join([str(number >> shift & 255) for shift in (24, 16, 8, 0)])


def ifconfig(wlan, setting):
    """network.WLAN.ifconfig with something to set."""
    if setting == "dhcp" and wlan._path == "wifi.sta.":
        wlan._static = None
        return
    if isinstance(setting, str) or len(setting) != 4:
        raise ValueError("invalid arguments")
    here, mask, gateway, dns = setting
    mask = _mask(mask) if isinstance(mask, int) else _address(mask)
    wlan._static = (_address(here), mask, _address(gateway), _address(dns))


def ipconfig(wlan, query, changes):
    """network.WLAN.ipconfig."""
    here, mask, gateway, dns = wlan._addresses()
    dynamic = wlan._path == "wifi.sta."
    if _one(query, changes):
        if query[0] == "addr4":
            return (here, mask)
        if query[0] == "gw4":
            return gateway
        if query[0] == "dhcp4" and dynamic:
            return not wlan._static
        raise ValueError("unexpected key")
    for name in changes:
        value = changes[name]
        if name == "dhcp4" and dynamic:
            wlan._static = None if value else wlan._addresses()
            continue
        if name == "gw4":
            gateway = _address(value)
        elif name != "addr4":
            raise ValueError("unexpected key")
        elif isinstance(value, str):
            here, slash, bits = value.partition("/")
            _address(here)
            mask = _mask(int(bits)) if slash else mask
        else:
            here, mask = _address(value[0]), _address(value[1])
        wlan._static = (here, mask, gateway, dns)


def resolver(query, changes):
    """network.ipconfig."""
    for name in query or changes:
        if name != "dns":
            raise ValueError("unexpected key")
    if _one(query, changes):
        return simulator.get("wifi.dns", "127.0.0.1")
    simulator.put("wifi.dns", _address(changes["dns"]))
