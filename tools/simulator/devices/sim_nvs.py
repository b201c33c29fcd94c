# esp32.NVS: small values that survive the loss of power (and of everything on the flash's file system).
#
# What is committed stands in FLASH.nvs on this computer, as JSON: namespace, key, and a number or the hexadecimal
# digits of a blob. What is not committed is lost with a reset.

import power
import sim_bootloader
from micropython import const

_NAME_MAX = const(15)
_SIZE_MAX = const(20480)  # bytes of all values; the usual partition has 24 kB

_open = {}  # the namespaces in use: name: {key: int or bytes}


def _error(code, name):
    return OSError(-code, "ESP_ERR_NVS_" + name)


def _checked(name):
    if not name:
        raise _error(0x1106, "INVALID_NAME")
    if len(name) > _NAME_MAX:
        raise _error(0x1109, "KEY_TOO_LONG")
    return name


class NVS:
    """A namespace."""

    def __init__(self, namespace):
        sim_bootloader.connect(power.flash_path())
        self._name = _checked(namespace)
        if namespace not in _open:
            found = sim_bootloader.load("nvs").get(namespace, {})
            for key in found:
                if isinstance(found[key], str):
                    found[key] = bytes.fromhex(found[key])
            _open[namespace] = found
        self._values = _open[namespace]

    def __repr__(self):
        return "<NVS namespace>"

    def _get(self, key, kind):
        if key not in self._values:
            raise _error(0x1102, "NOT_FOUND")
        value = self._values[key]
        if not isinstance(value, kind):
            raise _error(0x1103, "TYPE_MISMATCH")
        return value

    def get_i32(self, key):
        """A number."""
        return self._get(key, int)

    def set_i32(self, key, value):
        """Set a number of 32 bits with a sign."""
        if not isinstance(value, (int, bool)):
            raise TypeError("can't convert %s to int" % type(value).__name__)
        if not -0x80000000 <= value <= 0x7FFFFFFF:
            raise OverflowError("overflow converting long int to machine word")
        self._values[_checked(key)] = int(value)

    def get_blob(self, key, buffer):
        """Put a blob into a buffer; returns its length."""
        value = self._get(key, bytes)
        if len(buffer) < len(value):
            raise _error(0x110C, "INVALID_LENGTH")
        buffer[: len(value)] = value
        return len(value)

    def set_blob(self, key, value):
        """Set a blob."""
        value = value.encode() if isinstance(value, str) else bytes(value)
        used = sum([len(known) for known in self._values.values() if isinstance(known, bytes)])
        if used + len(value) > _SIZE_MAX:
            raise _error(0x1105, "NOT_ENOUGH_SPACE")
        self._values[_checked(key)] = value

    def erase_key(self, key):
        """Forget a value."""
        if key not in self._values:
            raise _error(0x1102, "NOT_FOUND")
        del self._values[key]

    def commit(self):
        """Make the changes last."""
        kept = sim_bootloader.load("nvs")
        kept[self._name] = {
            key: value.hex() if isinstance(value, bytes) else value for key, value in self._values.items()
        }
        sim_bootloader.save("nvs", kept)
