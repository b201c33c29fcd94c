# The driver for micropython-camera-API: a class Camera whose frames are memoryviews of the frame buffers.
# https://github.com/cnadler86/micropython-camera-API

from base.errors import Failure
from cameras.camera import pins

_PINS = "pclk vsync href xclk"  # as the board file calls them; the constructor adds _pin


class Driver:
    """The camera; its quality is ours, 0 to 100."""

    controls = (
        "quality brightness contrast saturation sharpness special_effect vflip hmirror whitebal awb_gain wb_mode "
        "exposure_ctrl aec2 ae_level aec_value gain_ctrl agc_gain gainceiling denoise lenc bpc wpc raw_gma dcw colorbar"
    )

    def __init__(self, module):
        self.module = module
        self.camera = None

    def start(self, size, quality, grey):
        """Start, or start again with other frames. Two buffers: while one is read, the sensor fills the other."""
        module = self.module
        number = getattr(module.FrameSize, "R" + size if size[0] < "A" else size, None)
        if number is None:
            raise Failure(size, "this firmware has no such frame size")
        form = module.PixelFormat.GRAYSCALE if grey else module.PixelFormat.JPEG
        words = {"pixel_format": form, "frame_size": number, "jpeg_quality": quality}
        words.update(named(pins()))
        self.stop()
        for count, mode in ((2, "LATEST"), (1, "WHEN_EMPTY")):
            try:
                self.camera = module.Camera(fb_count=count, grab_mode=getattr(module.GrabMode, mode), **words)
                break
            except (OSError, TypeError, ValueError) as e:
                from cameras.faults import fault  # late: only where it fails

                failure = fault(e)
                if count == 1 or "PSRAM" not in failure.reason:
                    raise failure
        if number > self.camera.max_frame_size:
            self.stop()
            raise Failure(size, "larger than the sensor")

    def stop(self):
        if self.camera:
            camera, self.camera = self.camera, None
            camera.deinit()

    def set(self, name, value):
        """Set a control; Failure if this sensor does not take the value."""
        try:
            setattr(self.camera, name, value)
        except (ValueError, AttributeError):
            raise Failure(name, f"this sensor does not take {value}")

    def ready(self):
        """Whether capture() would not wait, since the whole board would wait with it."""
        return self.camera.frame_available()

    def capture(self):
        return self.camera.capture()

    def free(self):
        if self.camera:
            self.camera.free_buffer()

    def sensor(self):
        return self.camera.sensor_name


def named(found):
    """The pins of a board file as arguments of the constructor."""
    if "d0" not in found:
        return {}
    words = {name + "_pin": found[name] for name in _PINS.split()}
    words["data_pins"] = [found[f"d{i}"] for i in range(8)]
    words["sda_pin"], words["scl_pin"] = found["siod"], found["sioc"]
    words["powerdown_pin"], words["reset_pin"] = found.get("pwdn", -1), found.get("reset", -1)
    return words
