# The controls of a camera: their ranges, and the values that `camctl` has saved under "camera" in system.conf.
#
# The names are those of micropython-camera-API, and the ranges those of the OV2640 (application notes of OmniVision, and
# esp32-camera). A sensor may take less; its driver says so.

import sys

from micropython import const

from base import config
from base.errors import Failure

# Name, least, most, default. The last ones are not the sensor's.
_CONTROLS = const(
    " quality 0 100 85 brightness -2 2 0 contrast -2 2 0 saturation -2 2 0 sharpness -2 2 0 special_effect 0 6 0 vflip 0 1 0 "
    "hmirror 0 1 0 whitebal 0 1 1 awb_gain 0 1 1 wb_mode 0 4 0 exposure_ctrl 0 1 1 aec2 0 1 0 ae_level -2 2 0 "
    "aec_value 0 1200 168 gain_ctrl 0 1 1 agc_gain 0 30 5 gainceiling 0 6 0 denoise 0 8 0 lenc 0 1 1 bpc 0 1 0 wpc 0 1 1 "
    "raw_gma 0 1 1 dcw 0 1 1 colorbar 0 1 0 settle 0 50 5 "
)
SIZES = const(
    "96X96=96x96 QQVGA=160x120 QCIF=176x144 HQVGA=240x176 240X240=240x240 QVGA=320x240 CIF=400x296 HVGA=480x320 VGA=640x480 "
    "SVGA=800x600 XGA=1024x768 HD=1280x720 SXGA=1280x1024 UXGA=1600x1200 FHD=1920x1080 QXGA=2048x1536 QSXGA=2560x1920"
)
_SIZE = const("VGA")  # the default
SETTLE = const("settle")  # how many frames are skipped after a start, while the exposure settles


def names():
    """All controls but frame_size, in the order of the table."""
    return _CONTROLS.split()[::4]


def bounds(name):
    """(least, most, default) of a control; Failure if there is none of that name."""
    found = _CONTROLS.partition(f" {name} ")[2].split(" ", 3)
    if len(found) < 4 or " " in name:
        raise Failure(name, "no such control; `camctl` lists them")
    return int(found[0]), int(found[1]), int(found[2])


def default(name):
    """The value of a control that has not been set."""
    return _SIZE if name == "frame_size" else bounds(name)[2]


def check(name, value):
    """The value of a control, as a number or the name of a frame size; Failure if it is invalid."""
    if name == "frame_size":
        text = str(value).upper()
        for word in SIZES.split():
            size, _, pixels = word.partition("=")
            if text in (size, pixels.upper()):
                return size
        raise Failure(
            str(value), "no such frame size; " + ", ".join([word.partition("=")[0] for word in SIZES.split()])
        )
    least, most, _ = bounds(name)
    try:
        number = int(value)
    except (ValueError, TypeError):
        number = least - 1
    if not least <= number <= most:
        raise Failure(name, f"expected a number from {least} to {most}")
    return number


def settings():
    """The saved values; what is invalid is left out."""
    found = {}
    saved = config.get("camera")
    for name in saved if isinstance(saved, dict) else ():
        if name != "tokens":
            try:
                found[name] = check(name, saved[name])
            except Failure:
                pass
    return found


def save(changes):
    """Save values that check() has returned, None for the default; they hold from the next frame on. OSError."""
    saved = config.get("camera")
    saved = dict(saved) if isinstance(saved, dict) else {}
    for name in changes:
        if changes[name] is None:
            saved.pop(name, None)
        else:
            saved[name] = changes[name]
    config.change("camera", saved)
    running = sys.modules.get("cameras.camera")
    if running:
        running.changed()
