# Sizes and lengths of time, as people write and read them.

from base.errors import Usage

_POWERS = "kmgt"  # of 1024
_UNITS = "smhd"
_SECONDS = (1, 60, 3600, 86400)


def human(size):
    """A number of bytes: 512, 1.5K, 23M (powers of 1024)."""
    if size < 1024:
        return str(size)
    for letter in "KMGT":
        size /= 1024
        if size < 1024 or letter == "T":
            return f"{size:.1f}{letter}" if size < 10 else f"{size:.0f}{letter}"


def size(text):
    """The bytes of 512, 4k, 1M or 2x512: b is 512, k m g t are powers of 1024 (kB or kD of 1000), x multiplies."""
    total = 1
    for word in text.lower().split("x") if text[:2] not in ("0x", "0X") else [text]:
        number = word.rstrip("bkmgtwcid")
        unit = word[len(number) :]
        if text[:2] in ("0x", "0X"):
            number, unit = text, ""
        try:
            value = int(number, 0) if number[:2] == "0x" or number[:2] == "0X" else int(number)
        except ValueError:
            raise Usage("invalid size", text)
        if unit in ("b", "w", "c"):
            value *= {"b": 512, "w": 2, "c": 1}[unit]
        elif unit:
            power = _POWERS.find(unit[0]) + 1
            if not power or unit[1:] not in ("", "b", "d", "ib"):
                raise Usage("invalid size", text)
            value *= (1000 if unit[1:] in ("b", "d") else 1024) ** power
        total *= value
    return total


def seconds(word):
    """The seconds of 1.5, 10s, 2m, 1h or 3d; Usage for what is none."""
    unit = _UNITS.find(word[-1:]) if word else 0
    try:
        value = float(word[:-1] if unit >= 0 else word) * _SECONDS[max(unit, 0)]
        if value >= 0 and value < 1e9:
            return value
    except ValueError:
        pass
    raise Usage("invalid time", word)
