# What an exception of a driver means. The texts and numbers are those of Espressif's driver (esp_err.h, esp_camera.h).

from base.errors import Failure
from cameras.camera import LATE


def fault(error):
    """The Failure for it."""
    text = " ".join([str(word) for word in error.args])
    if "-261" in text or "-131073" in text or "No camera" in text:  # ESP_ERR_NOT_FOUND, ESP_ERR_CAMERA_NOT_DETECTED
        why = "not found; check its cable, and the pins in the board file"
    elif "initial frame" in text:
        why = LATE
    elif "ESP_FAIL" in text or "NO_MEM" in text or "ENOMEM" in text or text == "12":
        why = "not enough PSRAM for this frame size"
    else:
        why = "cannot start: " + text
    return Failure("camera", why)
