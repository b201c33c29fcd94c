# esp: functions of the ESP32's own system (https://docs.micropython.org/en/latest/library/esp.html).

import power
import sim_port
from micropython import const

import simulator

sim_port.require("esp", sim_port.port() == "esp32")

LOG_NONE = 0
LOG_ERROR = 1
LOG_WARNING = 2
LOG_INFO = 3
LOG_DEBUG = 4
LOG_VERBOSE = 5

_USER_START = const(0x200000)  # bytes of firmware before the file system


def osdebug(uart, level=LOG_INFO):
    """Choose how much the system below prints; None: only errors. The store has it under esp.osdebug."""
    simulator.put("esp.osdebug", LOG_ERROR if uart is None else level)


def flash_size():
    """Bytes of flash."""
    return _USER_START + power.flash().size


def flash_user_start():
    """Where the file system begins."""
    return _USER_START


def _place(offset, length):
    offset -= _USER_START
    if offset < 0 or offset + length > power.flash().size:
        raise OSError(5)
    return offset


def flash_read(offset, buffer):
    """Fill a buffer from the flash."""
    power.flash().readblocks(0, buffer, _place(offset, len(buffer)))


def flash_write(offset, data):
    """Write to the flash."""
    power.flash().writeblocks(0, data, _place(offset, len(data)))


def flash_erase(sector):
    """Erase 4096 bytes."""
    power.flash().ioctl(6, _place(sector * 4096, 4096) // 4096)


def __getattr__(name):
    from sim_esplog import part

    return part("esp", name)
