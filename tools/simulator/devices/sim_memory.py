# machine.mem32: of all addresses, an RP2's number and the watchdog's registers that keep what they hold over a reset.

import power
import sim_port
from micropython import const

_CHIP_ID = const(0x40000000)
_REGISTERS = const(8)
_SCRATCH = const(0x0C)  # where they begin in the watchdog


class Words:
    """32 bits at each address; what is not simulated reads as 0, and takes no value."""

    def __init__(self, part, watchdog):
        self.part = part
        self.watchdog = watchdog

    def __getitem__(self, address):
        if address == _CHIP_ID:
            return 0x20000927 | self.part << 12
        number = self.number(address)
        return int(power.kept[number * 8 : number * 8 + 8] or "0", 16) if number is not None else 0

    def __setitem__(self, address, value):
        number = self.number(address)
        if number is not None:
            text = power.kept or "0" * 8 * _REGISTERS
            power.keep(text[: number * 8] + "%08x" % (value & 0xFFFFFFFF) + text[number * 8 + 8 :])

    def number(self, address):
        """Which of the registers that is, or None."""
        place = address - self.watchdog - _SCRATCH
        return place >> 2 if 0 <= place < _REGISTERS * 4 else None


if sim_port.port() == "rp2":
    mem32 = Words(4, 0x400D8000) if sim_port.board().startswith("pico2") else Words(2, 0x40058000)
