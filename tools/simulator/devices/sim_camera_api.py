# sim_camera_api: Camera as in micropython-camera-API: one object, whose frames are memoryviews of the driver's buffers.

from sim_camera import FORMATS, LATEST, NAMES, SETTINGS, SIZES, WHEN_EMPTY, Broken, pixels, sensor

_ENOENT = 2
_BOOLEANS = "colorbar whitebal gain_ctrl exposure_ctrl hmirror vflip aec2 awb_gain dcw bpc wpc raw_gma lenc".split()


class FrameSize:
    """framesize_t."""


class PixelFormat:
    """pixformat_t."""


class GrabMode:
    WHEN_EMPTY = WHEN_EMPTY
    LATEST = LATEST


class GainCeiling:
    """gainceiling_t."""


for _i, _name in enumerate(SIZES):
    setattr(
        FrameSize, {"96X96": "R96X96", "128X128": "R128x128"}.get(_name, "R" + _name if _name[0] < "A" else _name), _i
    )
for _i, _name in enumerate(FORMATS):
    setattr(PixelFormat, _name, _i)
for _i in range(7):
    setattr(GainCeiling, "%dX" % (2 << _i), _i)


def Version():
    """The version of the driver."""
    return "0.6.2"


def _check(call, *args):
    """Call the driver; what fails raises OSError as check_esp_err() does."""
    try:
        return call(*args)
    except Broken as e:
        code = e.args[0]
        raise OSError(-code, NAMES[code])


def _property(name):
    return property(lambda self: self._get(name), lambda self, value: self._set(name, value))


class Camera:
    """The camera. Another call of the constructor sets up the same one anew."""

    def __init__(
        self,
        *,
        data_pins=None,
        pclk_pin=-1,
        vsync_pin=-1,
        href_pin=-1,
        sda_pin=-1,
        scl_pin=-1,
        xclk_pin=-1,
        i2c=None,
        xclk_freq=20_000_000,
        powerdown_pin=-1,
        reset_pin=-1,
        pixel_format=0,
        frame_size=1,
        jpeg_quality=85,
        fb_count=1,
        grab_mode=WHEN_EMPTY,
        init=True,
    ):
        if data_pins is not None:
            if not isinstance(data_pins, (list, bytearray)):
                raise TypeError("data_pins must be a list or bytearray")
            if len(data_pins) != 8:
                raise ValueError("data_pins must have 8 elements")
        if not 0 <= jpeg_quality <= 100:
            raise ValueError("jpeg quality must be in range 0-100")
        if not 0 <= pixel_format < len(FORMATS):
            raise ValueError("Invalid pixel_format")
        if xclk_freq > 40_000_000:
            raise ValueError("xclk frequency cannot be grather than 40MHz")
        if grab_mode not in (WHEN_EMPTY, LATEST):
            raise ValueError("Invalid grab_mode")
        if sensor.active:
            sensor.deinit()
        self._taken = None
        self._config = [pixel_format, frame_size, jpeg_quality, min(max(fb_count, 1), 2), grab_mode]
        self.init()
        if self.capture() is None:
            self.deinit()
            raise OSError("Failed to capture initial frame. Construct a new object with appropriate configuration.")
        self.free_buffer()
        if not init:
            self.deinit()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.deinit()

    def init(self):
        """Start the sensor, if it does not run."""
        if not sensor.active:
            format, size, quality, count, mode = self._config
            _check(sensor.init, format, size, 63 - quality * 63 // 100, count, mode)

    def deinit(self):
        """Stop it."""
        self._taken = None
        if sensor.active:
            sensor.deinit()

    def _running(self):
        if not sensor.active:
            raise OSError(_ENOENT)
        return sensor

    def capture(self):
        """The next frame as a memoryview, None if there is none in time. The one before is not valid any more."""
        self._running()
        self.free_buffer()
        found = _check(sensor.take)
        if not found:
            return None
        self._taken = found[0]
        return sensor.view(*found)

    def free_buffer(self):
        """The frame is not needed any more."""
        if self._taken is not None and sensor.active:
            buffer, self._taken = self._taken, None
            _check(sensor.give_back, buffer)

    def frame_available(self):
        """Whether capture() would not wait."""
        return _check(self._running().available)

    def reconfigure(self, *, frame_size=None, pixel_format=None, grab_mode=None, fb_count=None):
        """Start again with other values; those not given stay."""
        self._running()
        for i, value in enumerate((pixel_format, frame_size, None, fb_count, grab_mode)):
            if value is not None:
                self._config[i] = value
        self.deinit()
        self.init()

    def _get(self, name):
        self._running()
        if name == "quality":
            return self._config[2]
        if name == "frame_size":
            return sensor.size
        value = sensor.settings[name]
        return bool(value) if name in _BOOLEANS else value

    def _set(self, name, value):
        self._running()
        if name == "quality":
            self._config[2] = value
            sensor.quality = 63 - value * 63 // 100
        elif name == "frame_size":
            self._taken = None
            size = min(value, sensor.max_size())
            self._config[1] = size
            sensor.set_size(size)
        elif not sensor.set(name, int(value)):
            raise ValueError("Invalid setting for " + name)

    @property
    def pixel_format(self):
        return self._config[0]

    @property
    def fb_count(self):
        return self._config[3]

    @property
    def grab_mode(self):
        return self._config[4]

    @property
    def pixel_width(self):
        return pixels(self._get("frame_size"))[0]

    @property
    def pixel_height(self):
        return pixels(self._get("frame_size"))[1]

    @property
    def max_frame_size(self):
        return self._running().max_size()

    @property
    def sensor_name(self):
        return self._running().name()


for _name in tuple(SETTINGS) + ("quality", "frame_size"):
    setattr(Camera, _name, _property(_name))
