# Wi-Fi for programs: an interface of the radio, what its numbers mean, and how to join a network.
#
# The constants of `network` differ between the chips and between versions of the firmware, so what they mean is
# found by their names.

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from base.errors import Failure

_STEP_MS = const(50)
_STANDING_MS = const(3000)  # a failure that stands for so long is the end: the ESP32 tries again by itself
_LEAVING_MS = const(1000)
_NAME_MAX = const(32)  # characters of a hostname that the firmware takes
_FAILURES = ("WRONG_PASSWORD", "NO_AP_FOUND", "CONNECT_FAIL", "HANDSHAKE_TIMEOUT")


def module():
    """The module `network`; Failure where the board has no Wi-Fi."""
    try:
        import network
    except ImportError:
        network = None
    if not hasattr(network, "WLAN"):
        raise Failure("", "this board has no Wi-Fi")
    return network


def interface(ap=False):
    """The radio as a client, or as an access point; Failure where there is none."""
    network = module()
    try:
        return network.WLAN(1 if ap else 0)
    except OSError:
        raise Failure("", "the radio does not answer")


def address(data):
    """A hardware address as 02:D1:A7:5E:00:01."""
    return ":".join([f"{byte:02X}" for byte in data])


def printable(ssid):
    """The name of a network, which its owner chose, as text that is safe on a terminal."""
    if isinstance(ssid, str):
        ssid = ssid.encode()
    try:
        text = ssid.decode()
    except UnicodeError:
        text = "".join([chr(byte) if byte < 128 else "?" for byte in ssid])
    return "".join([c if c >= " " and not "\x7f" <= c <= "\x9f" else "?" for c in text])


def _numbers(owner, prefix):
    """(name without prefix, number) of the constants of a kind."""
    for name in dir(owner):
        if name.startswith(prefix):
            yield name[len(prefix) :], getattr(owner, name)


def state(wlan):
    """The state of the client in words."""
    code = wlan.status()
    for name, number in _numbers(module(), "STAT_"):
        if number == code and name != "ASSOC_FAIL":  # the older name of CONNECT_FAIL
            return name.lower().replace("_", " ").replace("ap ", "access point ").replace(" ip", " an address")
    return f"status {code}"


def summary(wlan, ap=False):
    """One line about an interface."""
    name = f"wifi {'ap' if ap else 'sta'}: "
    if ap:
        if not wlan.active():
            return name + "not active"
        clients = len(wlan.status("stations"))
        return f"{name}active, {printable(wlan.config('ssid'))}, {clients} client{'' if clients == 1 else 's'}"
    if wlan.isconnected():
        return f"{name}active, connected to {printable(wlan.config('ssid'))} ({wlan.status('rssi')} dBm)"
    return f"{name}{'active' if wlan.active() else 'not active'}, not connected ({state(wlan)})"


def security(wlan, code):
    """What protects a network that scan() has found."""
    if code == 0:
        return "open"
    if hasattr(wlan, "SEC_WEP") or hasattr(module(), "AUTH_WEP"):  # the ESP32's numbers
        names = "WEP WPA WPA2 WPA/WPA2 WPA2-EAP WPA3 WPA2/WPA3 WAPI OWE".split(" ")
        return names[code - 1] if code <= len(names) else f"type {code}"
    return ("WPA/WPA2" if code & 2 else "WPA2") if code & 4 else "WPA" if code & 2 else "WEP"  # the Pico W's bits


def joined(wlan, ssid):
    """Whether there is a connection to this network."""
    return wlan.isconnected() and wlan.config("ssid") == ssid


def switch_on(wlan):
    """Switch an interface on, with the name by which the network is to know the board: some take it only then."""
    from base import config  # late: only to switch it on

    name = config.get("hostname")
    if name:
        module().hostname(str(name)[:_NAME_MAX])
    wlan.active(True)


async def join(wlan, ssid, password, limit_ms):
    """Connect to a network, whatever the radio has been doing; Failure with its reason where that does not succeed."""
    switch_on(wlan)
    wlan.disconnect()  # the ESP32 takes no new orders while it tries the old network again and again
    for _ in range(_LEAVING_MS // _STEP_MS):  # there it takes a moment, in which the old connection would count
        if not wlan.isconnected():
            break
        await asyncio.sleep_ms(_STEP_MS)
    try:
        if password:
            wlan.connect(ssid, password)
        else:
            wlan.connect(ssid)
        await _connected(wlan, ssid, limit_ms)
    finally:
        if not wlan.isconnected():
            wlan.disconnect()


async def _connected(wlan, ssid, limit_ms):
    failures = [number for name, number in _numbers(module(), "STAT_") if name in _FAILURES]
    limit = ticks_add(ticks_ms(), limit_ms)
    standing = 0
    while not wlan.isconnected():
        standing = standing + _STEP_MS if wlan.status() in failures else 0
        if standing >= _STANDING_MS:
            raise Failure(ssid, state(wlan))
        if ticks_diff(limit, ticks_ms()) <= 0:
            raise Failure(ssid, f"no connection within {limit_ms // 1000} s ({state(wlan)})")
        await asyncio.sleep_ms(_STEP_MS)
