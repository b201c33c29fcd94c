# micrOS's module microIO: the names of pins, and who uses which.
#
# A name means the pin that the node's setting cstmpmap gives it, or a module IO_NAME on the path; `builtin` is the board's LED.

import sys

from services.micros import settings

_CHIPS = ("tinypico", "esp32s2", "esp32s3", "esp32c3", "esp32c5", "esp32c6", "esp32", "rp2040", "rp2350")


class PinMap:
    """What is known of pins."""

    MAPPING_LUT = None  # the name of the map
    MAPPING = {}  # pins by name, from the setting or a Load Module
    IO_USE_DICT = {}  # names of pins in use, by number


def set_pinmap(map_data=None):
    """Read the setting: [NAME;] PIN:NUMBER; PIN:NUMBER. Returns the name of the map."""
    PinMap.MAPPING_LUT = detect_platform()
    for part in (map_data or settings.get("cstmpmap")).split(";"):
        name, colon, number = part.partition(":")
        if colon and number.strip().isdigit():
            PinMap.MAPPING[name.strip()] = int(number)
        elif not colon and part.strip() not in ("", "n/a"):
            PinMap.MAPPING_LUT = part.strip()
    return PinMap.MAPPING_LUT


def number_of(name):
    """The pin of a name, None if no map has it."""
    if PinMap.MAPPING_LUT is None:
        set_pinmap()
    if name in PinMap.MAPPING:
        return PinMap.MAPPING[name]
    try:
        found = getattr(__import__("IO_" + PinMap.MAPPING_LUT), name, None)
    except ImportError:
        found = None
    if found is None:
        found = led() if name == "builtin" else None
    return found


def led():
    """The pin of the board's LED, or None."""
    from base import board  # late: what has its number needs none

    found = (board.get("ledio") or [{}])[0]
    return found[sorted(found)[0]] if found else None


def resolve_pin(tag):
    """The pin of a name, which is in use from now on; ValueError if another has it, or for no name of a pin."""
    number = number_of(tag)
    if number is None:
        raise ValueError(f"[io-resolve] error: no pin is called {tag}")
    return register_pin(tag, number)


def register_pin(tag, number):
    """Use a pin under a name; ValueError if it is in use under another."""
    used = PinMap.IO_USE_DICT.get(number, tag)
    if used != tag:
        raise ValueError(f"[io] Pin {tag} is busy: {used}:{number}")
    PinMap.IO_USE_DICT[number] = tag
    return number


def bind_pin(tag, number=None):
    """The pin that is in use under a name from now on: the one that a map has, or number."""
    if number is None:
        return resolve_pin(tag)
    if not isinstance(number, int):
        raise ValueError("the number of a pin must be an integer")
    PinMap.MAPPING[tag] = register_pin(tag, number)
    return number


def pinmap_search(keys):
    """{name: pin or None} for a name or several."""
    return {name: number_of(name) for name in ([keys] if isinstance(keys, str) else keys)}


def pinmap_info(show_all=False):
    """What is known of pins; show_all: also the names of the maps there are."""
    if PinMap.MAPPING_LUT is None:
        set_pinmap()
    found = {"map": PinMap.MAPPING_LUT, "booked": PinMap.IO_USE_DICT, "custom": PinMap.MAPPING}
    if show_all:
        from services.micros.faces.files import OSPath, is_dir, list_fs  # late: rarely asked

        names = list_fs(OSPath.MODULES, "f", "IO") if is_dir(OSPath.MODULES) else []
        found["known_maps"] = [name[3:].split(".")[0] for name in names]
    return found


def detect_platform():
    """The name of the board's map, as micrOS has them: tinypico, esp32s3 ..., esp32, rp2."""
    from base import board  # late: once

    text = board.machine().lower().replace("-", "")
    for name in _CHIPS:
        if name in text:
            return "rp2" if name.startswith("rp2") else name
    return sys.platform
