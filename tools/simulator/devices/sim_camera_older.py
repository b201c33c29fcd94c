# sim_camera_older: the functions of the older module camera. A frame is a copy in the heap: bytes, or False.

from sim_camera import FORMATS, SIZES, WHEN_EMPTY, Broken, sensor

_SIZES = [name for name in SIZES if name not in ("128X128", "320X320")]  # its older driver lacks these
_FORMATS = {"RGB565": 0, "YUV422": 1, "GRAYSCALE": 2, "JPEG": 3}
_OTHERS = {
    "WB_NONE": 0,
    "WB_SUNNY": 1,
    "WB_CLOUDY": 2,
    "WB_OFFICE": 3,
    "WB_HOME": 4,
    "EFFECT_NONE": 0,
    "EFFECT_NEG": 1,
    "EFFECT_BW": 2,
    "EFFECT_RED": 3,
    "EFFECT_GREEN": 4,
    "EFFECT_BLUE": 5,
    "EFFECT_RETRO": 6,
    "XCLK_10MHz": 10_000_000,
    "XCLK_20MHz": 20_000_000,
    "DRAM": 1,
    "PSRAM": 0,
}


def __getattr__(name):
    """The constants."""
    if name[:6] == "FRAME_" and name[6:] in _SIZES:
        return _SIZES.index(name[6:])
    if name in _FORMATS:
        return _FORMATS[name]
    if name in _OTHERS:
        return _OTHERS[name]
    raise AttributeError(name)


def init(id, *, format=3, framesize=8, quality=12, xclk_freq=10_000_000, fb_size=1, fb_location=1, **pins):
    """Start the sensor; OSError if it fails, as it does a second time."""
    for name in pins:
        if name not in "d0 d1 d2 d3 d4 d5 d6 d7 vsync href pclk pwdn reset xclk siod sioc".split():
            raise TypeError("extra keyword arguments given")
    if format not in _FORMATS.values():
        raise ValueError("Image format is not valid")
    if not 0 <= framesize < len(_SIZES):
        raise ValueError("Image framesize is not valid")
    if xclk_freq not in (10_000_000, 20_000_000):
        raise ValueError("xclk frequency is not valid")
    name = [name for name in _FORMATS if _FORMATS[name] == format][0]
    try:
        if fb_location and framesize > _SIZES.index("CIF"):
            raise Broken(-1)  # it does not fit into the RAM of the chip
        sensor.init(FORMATS.index(name), SIZES.index(_SIZES[framesize]), quality, fb_size, WHEN_EMPTY)
    except Broken:
        raise OSError("Camera Init Failed")
    return True


def deinit():
    """Stop it; returns whether it was running."""
    if not sensor.active:
        return False
    sensor.deinit()
    return True


def capture():
    """The next frame, False if there is none in time."""
    try:
        found = sensor.take() if sensor.active else None
    except Broken:
        found = None
    if not found:
        return False
    frame = bytes(sensor.view(*found))
    sensor.give_back(found[0])
    return frame


def _setting(name):
    def change(value):
        if not sensor.active:
            return False
        sensor.set(name, int(value))

    return change


flip = _setting("vflip")
mirror = _setting("hmirror")
contrast = _setting("contrast")
saturation = _setting("saturation")
brightness = _setting("brightness")
speffect = _setting("special_effect")
whitebalance = _setting("wb_mode")


def framesize(size):
    """Change the size of the frames, at most to that at the start."""
    if not 0 <= size < len(_SIZES):
        raise ValueError("Image framesize is not valid")
    if not sensor.active:
        return False
    sensor.set_size(SIZES.index(_SIZES[size]))


def quality(value):
    """Change the quality: 10 (best) to 63."""
    if not sensor.active:
        return False
    sensor.quality = value
