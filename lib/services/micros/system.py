# The Load Module `system`: what a node says of itself.

import gc
import os
from binascii import hexlify
from time import localtime

from services.micros import tasks
from services.micros.faces.system import get_mac, interface, ntp_time, set_time, suntime, uptime
from services.micros.faces.system import ifconfig as network_config
from services.micros.faces.types import resolve

_SIGNAL = ((-67, "Amazing"), (-70, "VeryGood"), (-80, "Okay"), (-90, "NotGood"))  # dBm above which it is that


def memory_usage():
    """How much of the heap is used."""
    gc.collect()
    used = gc.mem_alloc()
    return {"percent": round(used * 100 / (used + gc.mem_free()), 1), "mem_used": used}


def disk_usage():
    """How much of the flash is used."""
    stat = os.statvfs("/")
    size, free = stat[0] * stat[2], stat[0] * stat[3]
    return {"percent": round((size - free) * 100 / size, 1), "fs_used": size - free}


def top():
    """Memory, flash and load in percent, that since the last call."""
    return {
        "Mem usage [%]": memory_usage()["percent"],
        "FS usage [%]": disk_usage()["percent"],
        "CPU load [%]": tasks.load(),
    }


def info():
    """The board and its state."""
    from machine import freq  # late: rarely asked

    from base import board

    found = top()
    clock = freq()
    found["CPU clock [MHz]"] = (clock[0] if isinstance(clock, tuple) else clock) // 1_000_000
    found["upython"] = os.uname().release if hasattr(os, "uname") else ""
    found["board"] = board.machine()
    found["uptime"] = uptime()
    try:
        found["mac"] = hexlify(get_mac(), ":").decode()
    except (AttributeError, OSError, ValueError):
        found["mac"] = "n/a"
    return found


def gclean():
    """Collect garbage."""
    gc.collect()
    return {"GC MemFree[byte]": gc.mem_free()}


def heartbeat():
    """What says that the node is alive."""
    return "<3 heartbeat <3"


def clock():
    """The local time: YYYY.M.D  H:M:S, the day of the week and of the year."""
    t = localtime()
    return f"{t[0]}.{t[1]}.{t[2]}  {t[3]}:{t[4]}:{t[5]}\nWD: {t[6]} YD: {t[7]}"


def setclock(year, month, mday, hour, minute, sec):
    """Set the local time."""
    set_time(year, month, mday, hour, minute, sec)
    return localtime()


def ntp():
    """Ask a time server."""
    return ntp_time(), localtime()


def sun(refresh=False):
    """Sunrise and sunset today."""
    return suntime()


def rssi():
    """How strong the access point's signal is."""
    name, wlan = interface()
    if name != "STA":
        return {"Unavailable": -90}
    value = wlan.status("rssi")
    for least, word in _SIGNAL:
        if value > least:
            return {word: value}
    return {"Unusable": value}


def list_stations():
    """Who is connected to this access point."""
    name, wlan = interface()
    if name != "AP":
        return [("NoAP", "")]
    return [
        (hexlify(station[0], ":").decode(), station[1] if len(station) > 1 else "")
        for station in wlan.status("stations")
    ]


def ifconfig():
    """The network interface and its addresses."""
    return network_config()


def hosts():
    """Addresses that are remembered: those of the nodes that have been heard over ESP-NOW."""
    from services.micros import radio  # late: rarely asked

    members = radio.radio.members if radio.radio else {}
    return {"urequests": {}, "intercon": {name: radio.address_text(mac) for mac, name in members.items()}}


def pinmap(keys=None):
    """Which pins have which names, and which are in use; keys: names to look up."""
    from services.micros.faces.pins import pinmap_info, pinmap_search  # late: rarely asked

    return pinmap_info(True) if keys is None else pinmap_search(keys.replace(",", " ").split())


def alarms(clean=False, dump=False):
    """How many errors there are in the log."""
    from services.micros.faces.messages import log_clean, syslog  # late: rarely asked

    if clean:
        log_clean()
    return syslog(dump=dump)


def notifications(enable=None):
    """Switch notifications on or off."""
    from services.micros.faces.messages import Notify  # late: as in alarms()

    return Notify.notifications(enable)


def notify(msg, *args, **named):
    """Send a notification."""
    from services.micros.faces.messages import Notify  # late: as in alarms()

    return Notify.notify(msg, *args, **named)


def help(widgets=False):
    """The functions of this module."""
    return resolve(
        (
            "info",
            'GRAPH{"refresh":5000} top',
            "gclean",
            "heartbeat",
            "clock",
            "setclock year month mday hour minute sec",
            "ntp",
            "rssi",
            "list_stations",
            'pinmap keys="builtin"',
            "alarms clean=False dump=False",
            "notifications enable=<None,True,False>",
            'notify "msg" *',
            "sun refresh=False",
            "ifconfig",
            "memory_usage",
            "disk_usage",
            "hosts",
        ),
        widgets,
    )
