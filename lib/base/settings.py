# What the values in /etc/system.conf must be: the options of services, of the log, of Wi-Fi, updates and packages.

# Seconds fit into the ticks of any port as milliseconds.
_SECONDS = (1, 500_000)
_PAUSE = (0, 500_000.0)  # fractions are allowed
LOGIN_MS = (1, 60_000)  # milliseconds that a password's check may take
_SECTIONS = ("httpd", "ftpd", "telnetd", "webrepld", "log", "wifi", "upgrade", "pkg")
# Of an option: a range of whole numbers (of any numbers if its end is a float), or a type.
_OPTIONS = {
    "port": (1, 65_535),
    "clients": (1, 100),
    "sessions": (1, 100),
    "idle": (0, 500_000),  # 0 for no limit
    "login": _SECONDS,
    "stall": _SECONDS,
    "size": (1, 1_000_000_000),
    "keep": (0, 9),
    "bind": str,
    "user": str,
    "certificate": str,
    "key": str,
    "file": str,
    "url": str,
    "level": str,
    "readonly": bool,
    "hosts": list,
    "origins": list,
    "passive": list,
    "fallback": _PAUSE,
    "grace": _PAUSE,
    "timeout": _PAUSE,
    "pause": _PAUSE,
    "healthy": (1, 3600),
}


def fault(key, value):
    """What is wrong with the value of an option, or None; another version may know what is not listed here."""
    kind = _OPTIONS.get(key)
    if isinstance(kind, tuple):
        if not is_number(value, *kind):
            return f"expected a number from {kind[0]} to {int(kind[1])}"
    elif kind and not isinstance(value, kind):
        return "wrong type"
    elif key == "passive" and not (len(value) == 2 and is_number(value[0], 1, 65_535) and is_number(value[1], 1, 100)):
        return "expected the first port and the number of ports"
    return None


def is_number(value, least, most):
    whole = isinstance(most, int)
    return isinstance(value, int if whole else (int, float)) and not isinstance(value, bool) and least <= value <= most


def faults(name, section):
    """[(key, sentence)] of what cannot be used in a section of the file; the key is "" where it is no section."""
    if not isinstance(section, dict):
        return [("", f"{name}: wrong type")]
    found = [(key, fault(key, value)) for key, value in section.items()]
    return [(key, f"{name}: {key}: {why}") for key, why in found if why]


def first_fault(content):
    """A sentence about the first value in the whole content that cannot be used, or None."""
    if "login_ms" in content and not is_number(content["login_ms"], *LOGIN_MS):
        return f"login_ms: expected a number from {LOGIN_MS[0]} to {LOGIN_MS[1]}; the default is used"
    for name in _SECTIONS:
        if name in content:
            for _, sentence in faults(name, content[name]):
                return sentence + "; the default is used"
    return None


def usable(name, section, tell):
    """The section without what cannot be used; tell: the log names that."""
    wrong = faults(name, section)
    if not wrong:
        return section
    if tell:
        from base import log  # late: only for a wrong value

        for _, sentence in wrong:
            log.note("config", sentence + "; the default is used", log.WARNING)
    keys = [key for key, _ in wrong]
    return {} if "" in keys else {key: value for key, value in section.items() if key not in keys}
