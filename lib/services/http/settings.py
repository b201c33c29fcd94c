# The API's configuration: what /etc/system.conf has, and changes to it.
#
# A value that a service or the next boot could not use is refused here: the sender has no console to repair it.

from base import config, settings
from base.paths import normal
from services.http.api import body
from services.http.protocol import HTTPError, pause

_VEIL = "***"
_HIDDEN = ("passw", "password", "key", "secret")  # of a name in the configuration, whose value stays here


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
                check(name, value)
                held[name] = unveil(name, value, held.get(name))
        config.save()
    finally:
        config.release()
    await pause()
    return "", 204


def check(name, value):
    """HTTPError for a value that cannot be used."""
    if name == "hostname":
        if value:
            check_name(value)
    elif name in ("env", "alias"):
        for key, text in value.items():
            check_text(name, key, text)
        if name == "env" and "TZ" in value:
            check_zone(value["TZ"])
    elif name != "board":  # an unknown board falls back to the default one
        for key, option in value.items():
            why = settings.fault(key, option)
            if why:
                raise HTTPError(400, f"{name}: {key}: {why}")
        if name == "log":
            check_log(value.get("file", ""))


def check_text(name, key, value):
    """HTTPError for a variable or an alias that no session could use."""
    if not key or (name == "env" and not is_variable(key)) or " " in key:
        raise HTTPError(400, f"{name}: {key}: invalid name")
    if not isinstance(value, str if name == "alias" else (str, int, float)):
        raise HTTPError(400, f"{name}: {key}: wrong type")


def is_variable(name):
    return not name[0].isdigit() and all(c == "_" or c.isalpha() or c.isdigit() for c in name)


def check_name(name):
    """HTTPError for an invalid host name."""
    why = config.hostname_fault(name)
    if why:
        raise HTTPError(400, "hostname: " + why)


def check_log(path):
    """HTTPError for a file that no service writes: what is noted there is what clients have sent."""
    from services import protected  # late: only for this setting

    why = protected.unwritable(normal(path)) if isinstance(path, str) else "wrong type"
    if path and why:
        raise HTTPError(400, "log: file: " + why)


def check_zone(zone):
    """HTTPError for a time zone that would be taken for UTC."""
    from base import zones  # late: only for this setting
    from process import memory

    fault = zones.fault(zone)
    memory.unload("base.zones")
    if fault:
        raise HTTPError(400, "TZ: " + fault)
