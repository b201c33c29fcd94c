# micrOS's modules Auth, Config, Network and Time.

from time import gmtime, localtime, mktime

from process import cpu
from services.micros import settings

PWD_KEY = "pwd"


class AuthRequired(Exception):
    """A function needs the password, as pwd=."""


def sudo(function=None, *, _when_true=None):
    """Decorator: the function needs pwd=, always or where its argument (name, position) is true."""

    def decorator(function):
        def checked(*args, **named):
            required = True
            if _when_true:
                name, at = _when_true
                required = bool(named.get(name) or (at is not None and at < len(args) and args[at]))
            password = named.pop(PWD_KEY, None)
            if required and not check_password(password):
                raise AuthRequired(f"Access denied, wrong password ({PWD_KEY})")
            return function(*args, **named)

        return checked

    return decorator(function) if function else decorator


def check_password(password):
    """Whether it is that of the user whose password lets clients in; each wrong one delays the next attempt."""
    from services import guard  # late: only where one is asked for

    if not isinstance(password, str):
        return False
    try:  # who calls a function waits for what it returns
        return bool(cpu.block(guard.authenticate("micros", settings.USER, password, PWD_KEY)))
    except guard.LockedOut:
        return False


def cfgget(key=None):
    """The value of a setting of the node; without a key, all of them."""
    return {name: settings.get(name) for name in settings.keys()} if key is None else settings.get(key)


def cfgput(key, value, type_check=False):
    """Save a setting of the node; returns whether it could."""
    try:
        settings.put(key, value, check=type_check)
        return True
    except (KeyError, ValueError, OSError):
        return False


def __getattr__(name):
    if name in ("WLAN", "STA_IF", "AP_IF"):
        import network  # late: not every board has one

        return getattr(network, name)
    raise AttributeError(name)


def _select_available_wifi_nw(raw_essid, raw_pwd):
    """The first of several networks (NAME;NAME) that can be seen, with its password; (None, "") for none."""
    wlan = interface()[1]
    seen = [found[0].decode() for found in wlan.scan()] if wlan else []
    passwords = raw_pwd.split(";")
    for i, name in enumerate(raw_essid.split(";")):
        if name.strip() in seen:
            return name.strip(), passwords[i].strip() if i < len(passwords) else ""
    return None, ""


def interface():
    """The active network interface: (STA or AP, the WLAN object); ("", None) for none."""
    try:
        import network  # late: not every board has one
    except ImportError:
        return "", None
    for name, number in (("STA", network.STA_IF), ("AP", network.AP_IF)):
        wlan = network.WLAN(number)
        if wlan.active() and (name == "AP" or wlan.isconnected()):
            return name, wlan
    return "", None


def ifconfig():
    """("STA" or "AP", (address, netmask, gateway, DNS server))."""
    name, wlan = interface()
    return name, wlan.ifconfig() if wlan else ("", "", "", "")


def get_mac():
    """The hardware address of the network interface, as bytes."""
    return interface()[1].config("mac")


class Sun:
    """Sunrise and sunset of the day that suntime() was asked last, as (hour, minute, second)."""

    TIME = {"sunrise": (), "sunset": ()}


def suntime():
    """Sunrise and sunset today in local time, from the settings latitude and longitude."""
    from base import clock, config, dates  # late: rarely asked
    from services.micros import schedule, timer

    zone = config.get("env", {}).get("TZ", "0")
    midnight = clock.now() + dates.offset(zone)
    midnight -= midnight % 86400 + dates.offset(zone)
    for tag in Sun.TIME:
        t = schedule.Entry(tag + "!sun").next(midnight - 1, zone, timer.place())
        Sun.TIME[tag] = tuple(gmtime(t + dates.offset(zone, t))[3:6]) if t else ()
    return Sun.TIME


def set_time(year, month, mday, hour, minute, sec):
    """Set the clock to a local time."""
    from base import clock  # late: rare

    clock.adjust(mktime((year, month, mday, hour, minute, sec, 0, 0)) - mktime(localtime()))


def ntp_time():
    """Ask a time server, in the background; returns whether it has been asked."""

    async def update():
        from net import ntp  # late: as above

        await ntp.update(ntp.server())

    cpu.schedule(update())
    return True


def uptime(update=False):
    """The time since the start, D H:M:S."""
    from base import clock  # late: rare

    seconds = int(clock.uptime())
    return f"{seconds // 86400} {seconds // 3600 % 24}:{seconds // 60 % 60}:{seconds % 60}"
