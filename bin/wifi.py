# wifi - use the wireless network
# usage: wifi sta|ap on|off
#        wifi sta|ap status [-n]
#        wifi sta|ap ifconfig [ADDRESS MASK GATEWAY DNS]
#        wifi sta|ap config [NAME=VALUE... | NAME...]
#        wifi sta scan
#        wifi sta connect SSID [PASSWORD [TIMEOUT]]
#        wifi sta disconnect [-n]
#        wifi country|hostname|phy_mode [VALUE]
#
# sta is this board as a client, ap as an access point. connect waits until there is an address, at most TIMEOUT
# seconds (30); without a PASSWORD, or with '', the network is open. -n prints nothing.
# Each but the last form sets $wa (True: the interface is on) and $wc (True: it is connected).

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from base.errors import Failure, Usage
from program import options

proc = None

TIMEOUT_S = 30
STEP_MS = 100
STANDING_MS = 3000  # an error that stands for so long is the end: some chips try again by themselves
SECURITY = ("open", "WEP", "WPA", "WPA2", "WPA/WPA2", "WPA2-EAP", "WPA3", "WPA2/WPA3")
VERBS = ("on", "off", "status", "ifconfig", "config", "scan", "connect", "disconnect")  # each a function below
NUMBERS = ("channel", "authmode", "security", "hidden", "reconnects", "pm", "max_clients", "protocol")


async def __main__(args):
    opts, words = options(args, "n")
    try:
        import network
    except ImportError:
        network = None
    if not hasattr(network, "WLAN"):
        raise Failure("", "this board has no Wi-Fi")
    if not words:
        raise Usage("missing operand")
    if words[0] in ("country", "hostname", "phy_mode"):
        return setting(network, *words)
    if words[0] not in ("sta", "ap"):
        raise Usage("not sta or ap", words[0])
    verb = words[1] if len(words) > 1 else "status"
    ap = words[0] == "ap"
    if verb not in VERBS or (ap and verb in ("scan", "connect", "disconnect")):
        raise Usage(f"not a verb of {words[0]}", verb)
    try:
        interface = network.WLAN(network.AP_IF if ap else network.STA_IF)
    except OSError:
        raise Failure("", "the radio does not answer")
    quiet = "n" in opts
    try:
        result = globals()[verb](network, interface, ap, quiet, words[2:])
        if result is not None:
            await result
    finally:
        proc.setenv("wa", bool(interface.active()))
        proc.setenv("wc", bool(interface.isconnected()))


def say(text):
    proc.stdout.write(text + "\n")


def setting(network, name, *values):
    """Show or set one of the settings of the whole radio."""
    function = getattr(network, name, None)
    if not function:
        raise Failure(name, "this firmware does not have it")
    if not values:
        say(str(function()))
        return
    function(int(values[0]) if values[0].isdigit() else values[0])
    if name == "hostname":
        from base import config

        config.change("hostname", values[0])


def on(network, interface, ap, quiet, words):
    interface.active(True)


def off(network, interface, ap, quiet, words):
    interface.active(False)


def state_of(network, interface):
    """The state in words, from the names of the module's constants: they differ between chips."""
    code = interface.status()
    for name in dir(network):
        if name.startswith("STAT_") and getattr(network, name) == code:
            return name[5:].lower().replace("_", " ")
    return f"status {code}"


def status(network, interface, ap, quiet, words):
    if quiet:
        return
    active = "active" if interface.active() else "not active"
    if ap:
        say(f"wifi ap: {active}, {'a client is connected' if interface.isconnected() else 'no client is connected'}")
        return
    say(
        f"wifi sta: {active}, {'connected' if interface.isconnected() else 'not connected'} ({state_of(network, interface)})"
    )


def ifconfig(network, interface, ap, quiet, words):
    if words:
        if len(words) != 4:
            raise Usage("needs address, mask, gateway and name server")
        try:
            interface.ifconfig(tuple(words))
        except (ValueError, OSError):
            raise Failure(" ".join(words), "not four addresses")
        return
    address, mask, gateway, dns = interface.ifconfig()
    say(f"wifi {'ap' if ap else 'sta'}: inet {address} netmask {mask} gateway {gateway}")
    say(f"    MAC: {mac(interface)}")
    say(f"    DNS: {dns}")
    status(network, interface, ap, quiet, words)


def mac(interface):
    return ":".join([f"{byte:02X}" for byte in interface.config("mac")])


def config(network, interface, ap, quiet, words):
    if not words:
        words = ["mac", "ssid", "channel"]
    changes = {}
    for word in words:
        name, equals, value = word.partition("=")
        if equals:
            changes[name] = number(name, value) if name in NUMBERS else float(value) if name == "txpower" else value
            continue
        try:
            value = mac(interface) if name == "mac" else interface.config(name)
        except (ValueError, OSError) as e:
            raise Failure(name, f"cannot be told: {e}")
        say(f"{name}={value}" if len(words) > 1 else str(value))
    if changes:
        try:
            interface.config(**changes)
        except (ValueError, OSError, TypeError) as e:
            raise Failure(" ".join(words), f"cannot be set: {e}")


def number(name, text):
    if not text.lstrip("-").isdigit():
        raise Usage("not a number", f"{name}={text}")
    return int(text)


def scan(network, interface, ap, quiet, words):
    interface.active(True)
    try:
        found = interface.scan()
    except OSError as e:
        raise Failure("scan", f"the radio reports {e}")
    say("SSID                             BSSID             CHAN  RSSI SECURITY")
    for ssid, bssid, channel, rssi, security, hidden in sorted(found, key=lambda entry: -entry[3]):
        name = "(hidden)" if hidden and not ssid else ssid.decode()
        address = ":".join([f"{byte:02X}" for byte in bssid])
        how = SECURITY[security] if 0 <= security < len(SECURITY) else str(security)
        say(f"{name:<32} {address} {channel:>4} {rssi:>5} {how}")


async def connect(network, interface, ap, quiet, words):
    if not 1 <= len(words) <= 3:
        raise Usage("needs SSID, and perhaps PASSWORD and TIMEOUT")
    ssid = words[0]
    password = words[1] if len(words) > 1 else ""
    seconds = number("TIMEOUT", words[2]) if len(words) > 2 else 0
    if interface.isconnected():
        if not quiet:
            say("already connected")
        return
    interface.active(True)
    if not quiet:
        say(f"connecting to {ssid}")
    try:
        if password:
            interface.connect(ssid, password)
        else:
            interface.connect(ssid)
        await connected(network, interface, ssid, (seconds or TIMEOUT_S) * 1000)
    except (OSError, ValueError) as e:
        raise Failure(ssid, f"the radio reports {e}")
    if not quiet:
        say(f"connected, address {interface.ifconfig()[0]}")


async def connected(network, interface, ssid, limit_ms):
    """Wait for the connection; Failure with the radio's reason, and the attempt ends, where it does not come."""
    errors = []
    for name in ("WRONG_PASSWORD", "NO_AP_FOUND", "CONNECT_FAIL"):
        if hasattr(network, "STAT_" + name):
            errors.append(getattr(network, "STAT_" + name))
    limit = ticks_add(ticks_ms(), limit_ms)
    standing = 0
    try:
        while not interface.isconnected():
            standing = standing + STEP_MS if interface.status() in errors else 0
            if standing >= STANDING_MS:
                raise Failure(ssid, state_of(network, interface))
            if ticks_diff(limit, ticks_ms()) <= 0:
                raise Failure(ssid, f"no connection within {limit_ms // 1000} s ({state_of(network, interface)})")
            await asyncio.sleep_ms(STEP_MS)
    finally:
        if not interface.isconnected():
            interface.disconnect()


def disconnect(network, interface, ap, quiet, words):
    if interface.active():
        interface.disconnect()
    status(network, interface, ap, quiet, words)
