# Detection of a modem's family.

import sys

from base.errors import Failure
from modem import Refused

_SIGNS = (
    ("AT version", "espat"),
    ("SIM800", "sim800"),
    ("SIM808", "sim800"),
    ("SIM868", "sim800"),
    ("SIM900", "sim800"),
    ("A76", "a76xx"),
    ("SIM76", "a76xx"),
    ("SIM75", "a76xx"),
)


async def family(channel):
    """espat, sim800 or a76xx; Failure for other modems."""
    for command in ("AT+GMR", "AT+CGMM"):
        try:
            text = " ".join(await channel.command(command))
        except Refused:
            continue
        for sign, name in _SIGNS:
            if sign in text:
                return name
    raise Failure(channel.name, "not a supported modem (ESP-AT, SIM800, A76xx)")


async def driver(channel):
    """The driver of a modem's family."""
    name = "modem." + await family(channel)
    __import__(name)
    return sys.modules[name].Driver(channel)
