# The driver for the older module camera, of lemariva and of freshev: functions, and frames that are copies in the heap.
# https://github.com/lemariva/micropython-camera-driver

from base.errors import Failure
from cameras.camera import pins

_BEST = 10  # of its quality, which is the sensor's: lower is better
_WORST = 63
_NAMES = {"special_effect": "speffect", "wb_mode": "whitebalance", "vflip": "flip", "hmirror": "mirror"}


class Driver:
    """The camera behind those functions."""

    controls = "quality brightness contrast saturation special_effect vflip hmirror wb_mode"

    def __init__(self, module):
        self.module = module
        self.running = False

    def start(self, size, quality, grey):
        """Start. A second init() without a deinit() restarts some boards, so that comes first."""
        module = self.module
        number = getattr(module, "FRAME_" + size, None)
        if number is None:
            raise Failure(size, "this firmware has no such frame size")
        self.stop()
        words = {name: gpio for name, gpio in pins().items() if isinstance(gpio, int)}
        if hasattr(module, "PSRAM"):
            words["fb_location"] = module.PSRAM
        form = module.GRAYSCALE if grey else module.JPEG
        try:
            module.init(0, format=form, framesize=number, quality=level(quality), **words)
        except (OSError, RuntimeError, ValueError, TypeError) as e:
            from cameras.faults import fault  # late: only where it fails

            raise fault(e)
        self.running = True

    def stop(self):
        if self.running:
            self.running = False
            self.module.deinit()

    def set(self, name, value):
        getattr(self.module, _NAMES.get(name, name))(level(value) if name == "quality" else value)

    def ready(self):
        """It cannot say: capture() lets the whole board wait for a frame."""
        return True

    def capture(self):
        return self.module.capture()

    def free(self):
        """The frame is a copy."""

    def sensor(self):
        return "camera"


def level(quality):
    """Its quality for ours."""
    return _WORST - quality * (_WORST - _BEST) // 100
