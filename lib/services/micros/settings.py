# The settings of a micrOS node: the keys of its node_config.json, kept in system.conf under "micros".
#
# devfid is the board's host name, and the password a user's (passwd micros): neither is kept here, and no password is shown.

import json
import sys
from binascii import hexlify

from micropython import const

from base import config, users

USER = users.MICROS  # whose password lets clients in, and the section of system.conf
VERSION = "3.7.2-0"  # of micrOS, whose protocol is spoken
HIDDEN = "********"

_SIZE_MAX = const(512)  # characters of a value

# KEY=VALUE, as on a new micrOS node, in the words of JSON.
_DEFAULTS = (
    'stapwd="" boostmd=true cronstyle="" nwmd="STA" soctout=30 socport=9008 auth=true webui=false webui_max_con=3 espnow=false'
    ' boothook="n/a" aioqueue=5 cstmpmap="n/a" ha=true dbg=true timirq=false timirqcbf="n/a" timirqseq=1000 cron=false'
    ' crontasks="n/a" irq1=false irq1_cbf="n/a" irq1_trig="n/a" irq2=false irq2_cbf="n/a" irq2_trig="n/a" irq3=false'
    ' irq3_cbf="n/a" irq3_trig="n/a" irq4=false irq4_cbf="n/a" irq4_trig="n/a" irq_prell_ms=300 staessid="n/a" devip="n/a"'
    ' intercon="off" cluster="n/a" rest="secure" rest_lan="" latitude="n/a" longitude="n/a" utc=60 guimeta="..."'
    ' telegram="n/a" telegram_api="https://api.telegram.org" mqtt="n/a" ntfy="n/a"'
)
_SYSTEM = ("version", "hwuid")  # cannot be set
_SECRET = ("appwd", "stapwd", "telegram", "mqtt", "ntfy")  # where notifications go: tokens, and who may read along


def default(key):
    """The default of a key, None for one that there is not."""
    text = (" " + _DEFAULTS).partition(f" {key}=")[2].partition(" ")[0]
    return json.loads(text) if text else None


def get(key):
    """The value of a key, None for one that there is not."""
    if key == "devfid":
        return config.hostname()
    if key == "appwd":
        return HIDDEN
    if key == "version":
        return VERSION
    if key == "hwuid":
        return hwuid()
    found = default(key)
    return found if found is None else config.get(USER, {}).get(key, found)


def keys():
    """All keys, sorted."""
    return sorted([pair.partition("=")[0] for pair in _DEFAULTS.split()] + ["devfid", "appwd", "version", "hwuid"])


def shown(key):
    """The value of a key as a client sees it."""
    value = get(key)
    return HIDDEN if key in _SECRET and value not in (None, "", "n/a") else value


def warnings():
    """What the settings allow to everybody in the network, a line each."""
    found = []
    if get("rest") == "open":
        found.append("rest is open: everybody in the network can call every Load Module over HTTP")
    if not get("auth"):
        found.append("auth is false: everybody in the network can call every Load Module, and change the settings")
    return found


def typed(old, text):
    """A text as a value of the type of an old one; ValueError."""
    if isinstance(old, bool):
        if text.lower() not in ("true", "false"):
            raise ValueError("expected true or false")
        return text.lower() == "true"
    if isinstance(old, int):
        return int(text)
    if len(text) > _SIZE_MAX:
        raise ValueError(f"longer than {_SIZE_MAX} characters")
    return text


def put(key, value, check=True):
    """Save the value of a key; ValueError for one of another type, KeyError for no key. check: value is a text of that type."""
    if key in _SYSTEM or key == "appwd":
        raise KeyError(key)
    old = get(key)
    if old is None:
        raise KeyError(key)
    if check:
        value = typed(old, str(value))
    elif type(value) is not type(old):
        raise ValueError("wrong type")
    if value == old:
        return
    if key == "devfid":
        why = config.hostname_fault(value)
        if why:
            raise ValueError(why)
        config.change("hostname", value)
    else:
        kept = dict(config.get(USER, {}))
        kept[key] = value
        config.change(USER, kept)


def hwuid():
    """What names the hardware: micrXXXXXXXXXXXXOS."""
    import machine  # late: one question of a client

    return f"micr{hexlify(machine.unique_id()).decode()}OS"


def is_plain():
    """Whether calls between nodes may be plain text."""
    return get("intercon") == "plain"


def greeting():
    """The answer to `hello`."""
    return f"hello:{get('devfid')}:{hwuid()}:{'rel' if is_frozen() else 'dev'}"


def is_frozen():
    """True where the code of this service is in the firmware, or in an image that is used in place."""
    name = getattr(sys.modules[__name__], "__file__", "")
    return not name.startswith("/lib/")
