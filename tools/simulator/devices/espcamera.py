# espcamera: Camera as in CircuitPython (https://docs.circuitpython.org/en/latest/shared-bindings/espcamera/).

import sim_camera
from sim_camera import SETTINGS, SIZES, Broken, pixels, sensor

sim_camera.require("espcamera", "espcamera")

_FORMATS = {"RGB565": 0, "GRAYSCALE": 3, "JPEG": 4}


class FrameSize:
    """The sizes, R240X240 for 240 x 240."""


class PixelFormat:
    """RGB565, GRAYSCALE and JPEG."""


class GrabMode:
    WHEN_EMPTY = sim_camera.WHEN_EMPTY
    LATEST = sim_camera.LATEST


for _i, _name in enumerate(SIZES):
    if _name not in ("128X128", "320X320"):
        setattr(FrameSize, "R" + _name if _name[0] < "A" else _name, _i)
for _name in _FORMATS:
    setattr(PixelFormat, _name, _FORMATS[_name])


class Camera:
    """The camera; quality is the sensor's: lower is better."""

    def __init__(
        self,
        *,
        data_pins,
        external_clock_pin=None,
        pixel_clock_pin,
        vsync_pin,
        href_pin,
        i2c,
        external_clock_frequency=20_000_000,
        powerdown_pin=None,
        reset_pin=None,
        pixel_format=0,
        frame_size=1,
        jpeg_quality=15,
        framebuffer_count=1,
        grab_mode=sim_camera.WHEN_EMPTY,
    ):
        if sensor.active:
            raise RuntimeError("Internal error")
        self._taken = None
        self._config = [pixel_format, frame_size, jpeg_quality, framebuffer_count, grab_mode]
        self._start()

    def _start(self):
        try:
            sensor.init(*self._config)
        except Broken as e:
            raise RuntimeError("No camera found" if e.args[0] == sim_camera.NOT_FOUND else "Internal error")

    def deinit(self):
        """Stop it."""
        if sensor.active:
            sensor.deinit()

    @property
    def frame_available(self):
        return sensor.available()

    def take(self, timeout=0.25):
        """The next frame: a memoryview, or None after timeout seconds. It is valid until the next call."""
        if self._taken is not None:
            buffer, self._taken = self._taken, None
            sensor.give_back(buffer)
        found = sensor.take()
        if not found:
            return None
        self._taken = found[0]
        return sensor.view(*found)

    def reconfigure(self, *, frame_size=None, pixel_format=None, grab_mode=None, framebuffer_count=None):
        """Start again with other values; those not given stay."""
        for i, value in enumerate((pixel_format, frame_size, None, framebuffer_count, grab_mode)):
            if value is not None:
                self._config[i] = value
        sensor.deinit()
        self._taken = None
        self._start()

    @property
    def quality(self):
        return sensor.quality

    @quality.setter
    def quality(self, value):
        sensor.quality = value

    @property
    def frame_size(self):
        return sensor.size

    @property
    def width(self):
        return pixels(sensor.size)[0]

    @property
    def height(self):
        return pixels(sensor.size)[1]

    @property
    def sensor_name(self):
        return sensor.name()


def _property(name):
    def change(self, value):
        if not sensor.set(name, int(value)):
            raise ValueError("Invalid " + name)

    return property(lambda self: sensor.settings[name], change)


for _name in SETTINGS:
    setattr(Camera, _name, _property(_name))
