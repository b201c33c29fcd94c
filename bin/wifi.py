# wifi - use the wireless network
# usage: wifi [sta|ap] on|off [-n]
#        wifi sta|ap status [-n]
#        wifi sta|ap ifconfig [ADDRESS MASK GATEWAY DNS | dhcp]
#        wifi sta|ap config [NAME=VALUE... | NAME...]
#        wifi [sta] scan
#        wifi [sta] connect [-n] SSID [PASSWORD [TIMEOUT]]
#        wifi [sta] disconnect [-n]
#        wifi country|hostname|phy_mode [VALUE]
#        wifi add [-p PRIORITY] SSID [PASSWORD]
#        wifi forget SSID
#        wifi list
#        wifi setup on [PASSWORD] | off
#
# sta is this board as a client (the default), ap as an access point. connect waits until there is an address, at most TIMEOUT
# seconds (30); without a PASSWORD, or with '', the network is open. -n prints nothing.
# Saved networks are what the service wifi keeps the board connected to (man wifid): add remembers one (and asks for the
# password where none is given; '' is an open network), the one with the highest PRIORITY (0) in range is used. setup
# lets the board become an access point, with a page to choose a network, where it finds none of them.
# The forms with sta and ap set $wa (True: the interface is on) and $wc (True: it is connected; ap: a client is).
# Settings: ssid key channel security hidden hostname mac pm reconnects txpower and others that the chip has.

import wireless
from base.errors import Failure, Usage
from program import integer, options

proc = None

TIMEOUT_S = 30
VERBS = ("status", "ifconfig", "config", "scan", "connect", "disconnect")  # each a function below
TEXTS = ("ssid", "essid", "key", "password", "hostname", "dhcp_hostname")  # settings that are strings


async def __main__(args):
    opts, words = options(args, "np:")
    if not words:
        raise Usage("missing operand")
    if words[0] in ("add", "forget", "list", "setup"):
        from net import wifi  # late: only for known networks

        return await wifi.command(words[0], words[1:], opts.number("p", 0))
    if words[0] in ("country", "hostname", "phy_mode"):
        return setting(*words)
    if words[0] in VERBS or words[0] in ("on", "off"):
        words.insert(0, "sta")
    if words[0] not in ("sta", "ap"):
        raise Usage("unknown command", words[0])
    verb = words[1] if len(words) > 1 else "status"
    ap = words[0] == "ap"
    switch = verb in ("on", "off")
    if not (switch or verb in VERBS) or (ap and verb in ("scan", "connect", "disconnect")):
        raise Usage(f"not a verb of {words[0]}", verb)
    wlan = None
    try:
        wlan = wireless.interface(ap)
        if switch:
            if verb == "on":
                wireless.switch_on(wlan)
            else:
                wlan.active(False)
            verb = "status"
        result = globals()[verb](wlan, ap, words[2:], not opts["n"])
        if result is not None:
            await result
    except (OSError, ValueError, TypeError) as e:
        raise Failure(f"{words[0]} {verb}", f"the radio reports {e}")
    finally:
        proc.setenv("wa", wlan is not None and bool(wlan.active()))
        proc.setenv("wc", wlan is not None and bool(wlan.isconnected()))


def say(text):
    proc.stdout.write(text + "\n")


def setting(name, *values):
    """Show or set a setting of the radio."""
    function = getattr(wireless.module(), name, None)
    if not function:
        raise Failure(name, "this firmware does not have it")
    if not values:
        value = function()
        if value is None:
            raise Failure(name, "this chip does not tell it")
        say(str(value))
        return
    try:
        function(int(values[0]) if name == "phy_mode" else values[0])
    except ValueError:
        raise Failure(values[0], f"no {name}")
    if name == "hostname":
        from base import config  # late: only for the name of this board

        config.change("hostname", values[0])


def status(wlan, ap, words, loud):
    if loud:
        say(wireless.summary(wlan, ap))


def ifconfig(wlan, ap, words, loud):
    if words == ["dhcp"]:
        wlan.ifconfig("dhcp")
    elif words:
        if len(words) != 4:
            raise Usage("expected address, mask, gateway and name server")
        try:
            wlan.ifconfig(tuple(words))
        except (ValueError, OSError):
            raise Failure(" ".join(words), "not four addresses")
    else:
        address, mask, gateway, dns = wlan.ifconfig()
        say(f"wifi {'ap' if ap else 'sta'}: inet {address} netmask {mask} gateway {gateway}")
        say(f"    MAC: {wireless.address(wlan.config('mac'))}")
        say(f"    DNS: {dns}")
        status(wlan, ap, words, loud)


def config(wlan, ap, words, loud):
    changes = {}
    for word in words or ("mac", "ssid", "channel"):
        name, equals, value = word.partition("=")
        if equals:
            changes[name] = value if name in TEXTS else float(value) if "." in value else integer(value)
            continue
        try:
            value = wlan.config(name)
        except (ValueError, OSError) as e:
            raise Failure(name, f"cannot be told: {e}")
        value = wireless.address(value) if name == "mac" else wireless.printable(str(value))
        say(value if len(words) == 1 else f"{name}={value}")
    if changes:
        wlan.config(**changes)


def scan(wlan, ap, words, loud):
    wireless.switch_on(wlan)
    say("SSID                             BSSID             CHAN  RSSI SECURITY")
    for ssid, bssid, channel, rssi, security, _ in sorted(wlan.scan(), key=lambda entry: -entry[3]):
        name = wireless.printable(ssid.rstrip(b"\0")) or "(hidden)"
        how = wireless.security(wlan, security)
        say(f"{name:<32} {wireless.address(bssid)} {channel:>4} {rssi:>5} {how}")


async def connect(wlan, ap, words, loud):
    if not 1 <= len(words) <= 3:
        raise Usage("expected SSID [PASSWORD [TIMEOUT]]")
    ssid, password, seconds = (words + ["", str(TIMEOUT_S)][len(words) - 1 :])[:3]
    again = wireless.joined(wlan, ssid)
    if not again:
        await wireless.join(wlan, ssid, password, integer(seconds) * 1000)
    if loud:
        say(f"{'already ' if again else ''}connected to {wireless.printable(ssid)}, address {wlan.ifconfig()[0]}")


def disconnect(wlan, ap, words, loud):
    if wlan.active():
        wlan.disconnect()
    status(wlan, ap, words, loud)
