# ifconfig - show or configure network interfaces
# usage: ifconfig [-a] [INTERFACE]
#        ifconfig INTERFACE up | down | dhcp
#        ifconfig INTERFACE ADDRESS [netmask MASK] [gw GATEWAY] [dns SERVER]
#
# An INTERFACE is sta (Wi-Fi as a client), ap (as an access point) or lo. Without -a, shows interfaces that are up.

from base.errors import Failure, Usage
from net.resolver import numeric
from program import options

proc = None

WORDS = ("netmask", "gw", "dns")


async def __main__(args):
    opts, words = options(args, "a")
    import wireless  # late: a usage error needs none

    if words and words[0] not in ("sta", "ap", "lo"):
        raise Failure(words[0], "no such interface (sta, ap, lo)")
    if len(words) < 2:
        show(words[0] if words else None, opts["a"])
        return
    if words[0] == "lo":
        raise Failure("lo", "cannot be changed")
    wlan = wireless.interface(words[0] == "ap")
    try:
        change(wlan, words[1], words[2:])
    except (OSError, ValueError) as e:
        raise Failure(words[0], f"the radio reports {e}")


def change(wlan, word, more):
    if word in ("up", "down", "dhcp"):
        if more:
            raise Usage("extra operand", more[0])
        if word == "dhcp":
            wlan.ifconfig("dhcp")
        else:
            wlan.active(word == "up")
        return
    found = list(wlan.ifconfig())
    found[0] = word
    if len(more) % 2:
        raise Usage("missing value", more[-1])
    for i in range(0, len(more), 2):
        if more[i] not in WORDS:
            raise Usage("unknown operand", more[i])
        found[WORDS.index(more[i]) + 1] = more[i + 1]
    for text in found:
        if not numeric(text):
            raise Usage("not an address", text)
    wlan.ifconfig(tuple(found))


def show(wanted, everything):
    from kernel.procnet import interfaces  # late: only to show

    write = proc.stdout.write
    known = False
    for name, wlan in interfaces():
        known = True
        if wanted != name and (wanted or not (everything or wlan.active())):
            continue
        show_one(name, wlan)
    if wanted in (None, "lo"):
        write("lo: up\n    inet 127.0.0.1  netmask 255.0.0.0\n")
    elif not known:
        raise Failure("", "this board has no Wi-Fi")


def show_one(name, wlan):
    import wireless  # late: a usage error needs none
    from net.address import number

    write = proc.stdout.write
    active = wlan.active()
    how = "down" if not active else "up, connected" if wlan.isconnected() else "up, not connected"
    if active and name == "ap":
        how = f"up, {len(wlan.status('stations'))} clients"
    write(f"{name}: {how}\n")
    address, mask, gateway, dns = wlan.ifconfig()
    if active and address != "0.0.0.0":
        last = number(address) | ~number(mask) & 0xFFFFFFFF
        broadcast = ".".join([str(last >> shift & 255) for shift in (24, 16, 8, 0)])
        write(f"    inet {address}  netmask {mask}  broadcast {broadcast}\n")
        write(f"    gateway {gateway}  dns {dns}\n")
    try:
        write(f"    ether {wireless.address(wlan.config('mac')).lower()}\n")
        if active and wlan.isconnected() and name == "sta":
            ssid = wireless.printable(wlan.config("ssid"))
            write(f"    ssid {ssid}  channel {wlan.config('channel')}  {wlan.status('rssi')} dBm\n")
    except (OSError, ValueError):  # not supported by the firmware
        pass
