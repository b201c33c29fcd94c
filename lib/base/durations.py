# Lengths of time as people write them.

from base.errors import Usage

_UNITS = "smhd"
_SECONDS = (1, 60, 3600, 86400)


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
