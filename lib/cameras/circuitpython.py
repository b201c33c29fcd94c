# The driver for a module espcamera, in the form that CircuitPython has it.
# https://docs.circuitpython.org/en/latest/shared-bindings/espcamera/

from base.errors import Failure
from cameras.api import Driver as Api
from cameras.camera import pins

_WAIT_S = 4


class Driver(Api):
    """The camera; its quality is the sensor's, 2 (best) to 55."""

    def start(self, size, quality, grey):
        from machine import I2C, Pin  # late: no other module gets objects

        module = self.module
        number = getattr(module.FrameSize, "R" + size if size[0] < "A" else size, None)
        if number is None:
            raise Failure(size, "this firmware has no such frame size")
        self.stop()
        found = pins()
        words = {}
        if "d0" in found:
            words["data_pins"] = [Pin(found[f"d{i}"]) for i in range(8)]
            for name, key in (
                ("external_clock", "xclk"),
                ("pixel_clock", "pclk"),
                ("vsync", "vsync"),
                ("href", "href"),
            ):
                words[name + "_pin"] = Pin(found[key])
            words["i2c"] = I2C(0, sda=Pin(found["siod"]), scl=Pin(found["sioc"]))
            for name, key in (("powerdown_pin", "pwdn"), ("reset_pin", "reset")):
                if found.get(key, -1) >= 0:
                    words[name] = Pin(found[key])
        form = module.PixelFormat.GRAYSCALE if grey else module.PixelFormat.JPEG
        try:
            self.camera = module.Camera(
                pixel_format=form, frame_size=number, jpeg_quality=level(quality), framebuffer_count=2, **words
            )
        except (RuntimeError, OSError, ValueError, TypeError, MemoryError) as e:
            from cameras.faults import fault  # late: only where it fails

            raise fault(e)

    def set(self, name, value):
        super().set(name, level(value) if name == "quality" else value)

    def ready(self):
        return self.camera.frame_available

    def capture(self):
        return self.camera.take(_WAIT_S)

    def free(self):
        """The next take() frees it."""


def level(quality):
    """Its quality for ours."""
    return 55 - quality * 53 // 100
