# The API's status, log, configuration and power.

import gc
import sys

from base import config, log
from base.clock import now, uptime
from base.paths import normal, space
from services.http.api import body
from services.http.protocol import HTTPError, pause

_VEIL = "***"
_HIDDEN = ("passw", "password", "key", "secret")  # of a name in the configuration, whose value stays here


def temperature():
    """Degrees Celsius of the chip, or None."""
    from base.chip import temperature

    return temperature()


def busy():
    """Microseconds of CPU time of all processes, ended ones included."""
    from process import process as processes

    return sum([process.time for process in processes.table.values()])


def get_status(request, rest):
    """The figures of the dashboard."""
    from base import VERSION, board
    from process import process as processes
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
    from time import gmtime

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
    first = log.count - len(log.lines)
    began = now() - uptime()
    found = []
    for number in range(max(since, first), log.count):
        seconds, level, source, text = log.lines[number - first]
        found.append({"time": unix(began + seconds), "level": log.LEVELS[level], "source": source, "text": text})
    return {"next": log.count, "lines": found}


def get_config(request, rest):
    """The configuration, without what is secret."""
    config.release()
    found = config.content()
    try:
        return {name: veil(name, value) for name, value in found.items()}
    finally:
        config.release()


def veil(name, value):
    if isinstance(value, dict):
        return {key: veil(key, inner) for key, inner in value.items()}
    for word in _HIDDEN:
        if word in name.lower() and value:
            return _VEIL
    return value


def unveil(name, value, old):
    """A value to store: what veil() has hidden stays unchanged."""
    if isinstance(value, dict):
        inner = old if isinstance(old, dict) else {}
        return {key: unveil(key, value[key], inner.get(key)) for key in value}
    return old if value == _VEIL and old is not None and veil(name, old) == _VEIL else value


async def patch_config(request, rest):
    """Set values: {"hostname": "x"}; null removes one. Settings that protect the system are refused."""
    found = body(
        request,
        hostname=object,
        board=object,
        env=object,
        alias=object,
        httpd=object,
        ftpd=object,
        telnetd=object,
        log=object,
    )
    held = config.content()
    try:
        for name, value in found.items():
            kind = str if name in ("hostname", "board") else dict
            if value is None:
                held.pop(name, None)
            elif not isinstance(value, kind):
                raise HTTPError(400, name + ": wrong type")
            else:
                if name == "env" and "TZ" in value:
                    check_zone(value["TZ"])
                if name == "hostname" and value:
                    check_name(value)
                if name == "log":
                    check_log(value.get("file", ""))
                held[name] = unveil(name, value, held.get(name))
        config.save()
    finally:
        config.release()
    await pause()
    return "", 204


def check_name(name):
    """HTTPError for an invalid host name."""
    why = config.hostname_fault(name)
    if why:
        raise HTTPError(400, "hostname: " + why)


def check_log(path):
    """HTTPError for a file that no service writes: what is noted there is what clients have sent."""
    from services import protected

    why = protected.unwritable(normal(path)) if isinstance(path, str) else "wrong type"
    if path and why:
        raise HTTPError(400, "log: file: " + why)


def check_zone(zone):
    """HTTPError for a time zone that would be taken for UTC."""
    from base import zones
    from process import memory

    fault = zones.fault(zone)
    memory.unload("base.zones")
    if fault:
        raise HTTPError(400, "TZ: " + fault)


async def post_power(request, rest):
    """{"action": "reboot"}: the board restarts when the answer has gone."""
    from services.http import run

    found = body(request, action=str)
    if found.get("action") != "reboot":
        raise HTTPError(400, "action: expected reboot")
    process, _ = run.start(request, "sleep 0.3; reboot", "/")
    process.ppid = 1
    return {"action": "reboot"}, 202
