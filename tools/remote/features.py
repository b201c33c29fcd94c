"""The features of a firmware beyond the official one, queried from the running board."""

from typing import NamedTuple

from mpremote.transport import TransportExecError

from remote.errors import Unsupported

ASK = "help('modules')"
LAST = "Plus any modules"  # the line behind the table
FROZEN = "import diatom_frozen as f\nprint(f.VERSION, f.IDENTITY, len(f.PROGRAMS))"
NAMES = "diatom_names"  # the module of a firmware that has only the names that Diatom uses
# The modules of the official firmware for rp2 and esp32, as help('modules') lists them.
OFFICIAL = frozenset(
    "__main__ _asyncio _boot _boot_fat _espnow _onewire _rp2 _thread _webrepl aioble aioespnow apa106 array asyncio binascii "
    "bluetooth btree builtins cmath collections cryptolib deflate dht ds18x20 errno esp esp32 espnow flashbdev framebuf gc "
    "hashlib heapq inisetup io json lwip machine math micropython mip neopixel network ntptime onewire os platform random re "
    "requests rp2 select socket ssl struct sys time tls uasyncio uctypes umqtt upysh urequests vfs webrepl webrepl_setup "
    "websocket".split()
)


class Frozen(NamedTuple):
    """What of Diatom is frozen into a firmware (manifest.py)."""

    version: str
    identity: str
    programs: int  # 0 where only lib/ is frozen


def look(board):
    """{"modules": what the firmware has beyond the official one, "frozen": a Frozen, "names" or None}, or {}."""
    try:
        text = board.execute(ASK).decode(errors="replace")
    except (Unsupported, TransportExecError):  # no serial line; a firmware without help()
        return {}
    names = text.partition(LAST)[0].split()
    found = frozen(board) or ("names" if NAMES in names else None)
    more = {name.partition("/")[0] for name in names} - OFFICIAL
    return {"modules": [] if isinstance(found, Frozen) else sorted(more - {NAMES}), "frozen": found}


def frozen(board):
    """The Frozen of a board's firmware; None if there is none, or if the board cannot be asked."""
    try:
        version, identity, programs = board.execute(FROZEN).decode().split()
    except (Unsupported, TransportExecError, ValueError):
        return None
    return Frozen(version, identity, int(programs))
