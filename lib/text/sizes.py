# Sizes as people write them: 512, 4k, 1M, 2x512.

from base.errors import Usage

_UNITS = "kmgt"


def size(text):
    """The number of bytes that text means: b is 512, k m g t are powers of 1024 (kB or kD of 1000), x multiplies."""
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
            power = _UNITS.find(unit[0]) + 1
            if not power or unit[1:] not in ("", "b", "d", "ib"):
                raise Usage("invalid size", text)
            value *= (1000 if unit[1:] in ("b", "d") else 1024) ** power
        total *= value
    return total
