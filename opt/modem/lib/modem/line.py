# Set-up of the line to a modem: its UART, and its reset pin.

import asyncio

from micropython import const

import modem
import sdata
from base.errors import Failure

_TXBUF = const(256)
_RXBUF = const(1024)
_RESET_MS = const(100)


def create(number, baud, tx, rx, name=modem.NAME, rts=0, cts=0, flow="off"):
    """Create the UART as sdata.NAME. flow: r (RTS), c (CTS), rc (both) or off; rts and cts are their GPIOs."""
    from machine import UART, Pin

    if not name.replace("_", "a").isalpha() and not name.rstrip("0123456789").isalpha():
        raise Failure(name, "invalid name for a modem")
    before = getattr(sdata, name, None)
    if before is not None and not hasattr(before, "readinto"):
        raise Failure(name, "name already in use")
    lines = {"tx": Pin(tx), "rx": Pin(rx)}
    if flow not in ("off", "r", "c", "rc", "cr", "rs"):
        raise Failure(flow, "flow control must be r, c, rc or off")
    if flow != "off" and rts and cts:
        both = UART.RTS | UART.CTS
        lines.update(rts=Pin(rts), cts=Pin(cts), flow={"r": UART.RTS, "c": UART.CTS}.get(flow, both))
    try:
        uart = UART(number, baud, bits=8, parity=None, stop=1, txbuf=_TXBUF, rxbuf=_RXBUF, timeout=0, **lines)
    except (ValueError, OSError) as e:
        raise Failure(f"UART {number}", str(e))
    setattr(sdata, name, uart)
    modem.modems.pop(name, None)
    return modem.get(name)


async def reset(pin, seconds):
    """Pull the reset pin of a modem low for a moment, then wait until it has started."""
    from machine import Pin

    try:
        line = Pin(pin, Pin.OUT, value=1)
    except (ValueError, TypeError) as e:
        raise Failure(f"GPIO {pin}", str(e))
    line.value(0)
    await asyncio.sleep_ms(_RESET_MS)
    line.value(1)
    await asyncio.sleep(seconds)
