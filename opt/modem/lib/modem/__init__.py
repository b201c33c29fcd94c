# Modems with AT commands on a serial line: ESP-AT, SIM800 and A76xx. See docs/modem.md.
#
# This module holds the state of the modems; the others of this package are unloaded when memory is short.
#
#   modem.get("modem0")     the Modem of that name; its UART is sdata.modem0, for programs of upyOS
#   modem.channel           the serial line: commands and answers        modem.line, modem.script   set-up and scripts
#   modem.espat, modem.sim800, modem.a76xx   connections through a modem of that family: see modem.link
#   modem.link.connect      replaces net.link.connect() if the variable MODEM is set

import sdata
from base.errors import Failure

NAME = "modem0"

modems = {}  # name: Modem


def short(command):
    """A command for messages: without its parameters, which may have a password."""
    return command.partition("=")[0][:40] or "data"


class Refused(Failure):
    """The modem refused a command. `why` is its final line, `lines` those before."""

    def __init__(self, name, command, why, lines):
        from modem.words import meaning

        super().__init__(name, f"{short(command)}: the modem replied {meaning(why)}")
        self.why = why
        self.lines = lines


class Silent(Failure):
    """The modem did not answer, or not completely."""


class Modem:
    """A modem: its channel, and the driver of its family once that is known."""

    driver = None
    connection = None  # the open one, or the one being closed

    def __init__(self, uart, name):
        from modem.channel import Channel

        self.uart = uart
        self.name = name
        self.channel = Channel(uart, name)


def get(name=NAME):
    """The Modem of that name; Failure if there is none."""
    uart = getattr(sdata, name, None)
    if not hasattr(uart, "readinto"):
        raise Failure(name, "no such modem; create it with atmodem -c UART BAUD TX RX")
    found = modems.get(name)
    if not found or found.uart is not uart:
        found = modems[name] = Modem(uart, name)
    return found
