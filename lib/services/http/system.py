# The API's status, log and power.

import gc
import sys
from time import gmtime

from base import config, log
from base.clock import now, uptime
from base.paths import space
from process import process as processes
from services.http.api import body
from services.http.protocol import HTTPError


def temperature():
    """Degrees Celsius of the chip, or None."""
    from base.chip import temperature  # late: only for the dashboard

    return temperature()


def busy():
    """Microseconds of CPU time of all processes, ended ones included."""
    return sum([process.time for process in processes.table.values()])


def get_status(request, rest):
    """The figures of the dashboard."""
    from base import VERSION, board  # late: only for the dashboard
    from services.server import running

    gc.collect()
    free, used = gc.mem_free(), gc.mem_alloc()
    total, left = space("/")
    found = {
        "system": "Diatom",
        "version": VERSION,
        "micropython": ".".join([str(n) for n in sys.implementation.version[:3]]),
        "machine": board.machine(),
        "platform": sys.platform,
        "hostname": config.hostname(),
        "uptime": uptime(),
        "time": unix(now()),
        "memory": {"total": free + used, "free": free},
        "storage": {"total": total, "free": left},
        "processes": len(processes.table),
        "connections": sum([len(server.connections) for server in running]),
        "cpu_us": busy(),
        "temperature": temperature(),
        "frequency": frequency(),
        "wifi": wifi(),
        "log": log.count,
    }
    return found


def unix(seconds):
    """The port's seconds as seconds since 1970."""
    return seconds + (946_684_800 if gmtime(0)[0] == 2000 else 0)


def frequency():
    try:
        from machine import freq

        found = freq()
        return found[0] if isinstance(found, tuple) else found
    except (ImportError, TypeError, OSError):
        return None


def wifi():
    """The state of the network; None without one."""
    try:
        import network

        station = network.WLAN(network.STA_IF)
        if not station.active():
            return {"active": False, "connected": False}
        found = {"active": True, "connected": station.isconnected(), "ip": station.ifconfig()[0]}
        for name, word in (("ssid", "ssid"), ("rssi", "rssi")):
            try:
                found[name] = station.config(word) if name == "ssid" else station.status(word)
            except (OSError, ValueError, TypeError):
                pass
        return found
    except (ImportError, AttributeError, OSError, ValueError):
        return None


def get_log(request, rest):
    """The lines behind the one with the number `since`."""
    texts = request.arguments("since")
    text = texts[0] if texts else "0"
    if len(texts) > 1 or not text.isdigit() or len(text) > 12:
        raise HTTPError(400, "since: expected a number")
    since = int(text)
    first = log.count - log.kept
    began = now() - uptime()
    found = []
    for seconds, level, source, text in log.entries(max(since - first, 0)):
        found.append({"time": unix(began + seconds), "level": log.LEVELS[level], "source": source, "text": text})
    return {"next": log.count, "lines": found}


async def post_power(request, rest):
    """{"action": "reboot"}: the board restarts when the answer has gone."""
    from services.http import run  # late: only for power

    found = body(request, action=str)
    if found.get("action") != "reboot":
        raise HTTPError(400, "action: expected reboot")
    process, _ = run.start(request, "sleep 0.3; reboot", "/")
    process.ppid = 1
    return {"action": "reboot"}, 202
