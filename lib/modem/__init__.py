# Modems with AT commands on a serial line: ESP-AT, SIM800 and A76xx. See docs/modem.md.
#
# What lives as long as the modem does is here: the other modules of this room are forgotten when memory is short.
#
#   modem.get("modem0")     the Modem of that name; its UART is sdata.modem0, as programs for upyOS know it
#   modem.channel           the line itself: commands and answers        modem.line, modem.script   making one, scripts
#   modem.espat, modem.sim800, modem.a76xx   connections through a modem of that family: see modem.link
#   modem.link.connect      what net.link.connect() does where the variable MODEM has a name

import sdata
from base.errors import Failure

NAME = "modem0"

modems = {}  # name: Modem


def short(command):
    """A command as messages show it: without its parameters, of which one may be a password."""
    return command.partition("=")[0][:40] or "data"


class Refused(Failure):
    """The modem says no. `why` is its own word, `lines` what stood before it."""

    def __init__(self, name, command, why, lines):
        from modem.words import meaning

        super().__init__(name, f"{short(command)}: the modem answers {meaning(why)}")
        self.why = why
        self.lines = lines


class Silent(Failure):
    """The modem says nothing, or not enough."""


class Modem:
    """A modem: its channel, and once it has been asked what it is, what makes connections."""

    driver = None
    connection = None  # the one that is open, or is being closed

    def __init__(self, uart, name):
        from modem.channel import Channel

        self.uart = uart
        self.name = name
        self.channel = Channel(uart, name)


def get(name=NAME):
    """The modem of that name; Failure where there is none."""
    uart = getattr(sdata, name, None)
    if not hasattr(uart, "readinto"):
        raise Failure(name, "no such modem: atmodem -c UART BAUD TX RX makes one")
    found = modems.get(name)
    if not found or found.uart is not uart:
        found = modems[name] = Modem(uart, name)
    return found
