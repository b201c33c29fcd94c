# The board's camera, for all who use it at a time: programs, the stream of httpd, the link to another board.
#
#   with Camera("VGA", 85) as camera:       nothing has happened yet; both as `camctl` has set them if they are not given
#       frame = await camera.capture()      starts the camera, or waits until the others have freed their frame
#       try:
#           file.write(frame)               a memoryview of the driver's buffer: no copy
#       finally:
#           camera.free()                   the frame is not valid any more; the next one may capture
#
# The room is not called `camera`: that is the firmware's own module, which comes first. There are three such modules; each
# has a driver here, which hides that two of them count quality upside down. The camera is stopped when the last user leaves.

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from base.errors import Failure
from base.modules import unload

_SIZE = const("VGA")  # the defaults, as in cameras.controls
_QUALITY = const(85)
_SETTLE = const(5)
_FRAME_MS = const(5000)  # how long a frame may take
_STEP_MS = const(4)  # between two looks whether there is one
_DAMAGED_MAX = const(4)  # damaged frames, one after another

LATE = "no frame in time; check its cable and the power supply, or lower the quality"

users = []  # the Cameras whose `with` has begun
_driver = None  # the Driver while the camera runs
_lock = asyncio.Lock()  # held by the Camera that has a frame
_applied = {}  # the settings of the running camera
_wanted = None  # those that `camctl` has saved; None: to be read again


class Camera:
    """A use of the camera. size: the name of a frame size, or WIDTHxHEIGHT; quality: 0 to 100, higher is better.

    grey: frames of one byte for each pixel, up to QVGA, instead of JPEG. Failure if a value is invalid.
    """

    def __init__(self, size=None, quality=None, grey=False):
        self.size = size and checked("frame_size", size)
        self.quality = None if quality is None else checked("quality", quality)
        self.grey = grey
        self.holds = False  # has a frame
        self.skipped = 0  # damaged frames so far

    def __enter__(self):
        users.append(self)
        return self

    def __exit__(self, *args):
        self.free()
        users.remove(self)
        if not users:
            _stop()

    async def capture(self):
        """The next frame, a memoryview (bytes with the older module), valid until free(). Failure: no camera, no frame."""
        await _lock.acquire()
        self.holds = True
        try:
            skip = self._set_up()
            while True:
                frame = await _next()
                if skip:
                    skip -= 1
                elif self.grey or is_whole(frame):
                    return frame
                else:
                    self.skipped += 1
                    if self.skipped % _DAMAGED_MAX == 0:
                        raise Failure("camera", "damaged frames; lower the quality or the frame size")
                frame = None
                _driver.free()
        except BaseException as e:
            if isinstance(e, (Failure, OSError)):
                _stop()  # the next capture starts it anew
            self.free()
            raise

    def free(self):
        """The frame is not needed any more."""
        if self.holds:
            self.holds = False
            if _driver:
                _driver.free()
            _lock.release()

    def _set_up(self):
        """Start the camera, or change it to what this user wants; returns how many frames are to be skipped."""
        global _driver, _wanted
        if _wanted is None:
            _wanted = saved()
        kind = (self.size or _wanted.get("frame_size", _SIZE), self.grey)
        quality = self.quality if self.quality is not None else _wanted.get("quality", _QUALITY)
        skip = 0
        if _applied.get("kind") != kind:
            if not _driver:
                _driver = _load()
            _applied.clear()
            _driver.start(kind[0], quality, self.grey)
            _applied["kind"], _applied["quality"] = kind, quality
            skip = _wanted.get("settle", _SETTLE)
        for name in _driver.controls.split():
            value = quality if name == "quality" else _wanted.get(name)
            if value is None and name in _applied:  # it has been set to its default
                value = default(name)
            if value is not None and _applied.get(name) != value:
                try:
                    _driver.set(name, value)
                except Failure as e:
                    note(str(e))
                _applied[name] = value
                skip = skip or 1  # the frame that is in its buffer was made before
        return skip


async def _next():
    """The next frame of the driver; Failure if it does not come in time."""
    limit = ticks_add(ticks_ms(), _FRAME_MS)
    while ticks_diff(limit, ticks_ms()) > 0:
        if _driver.ready():
            frame = _driver.capture()
            if frame:
                return frame
            break
        await asyncio.sleep_ms(_STEP_MS)
    raise Failure("camera", LATE)


def note(text):
    """Log that a setting has no effect."""
    from base import log  # late: rare

    log.note("camera", text, log.WARNING)


def is_whole(frame):
    """Whether a JPEG has its beginning and its end."""
    return len(frame) > 4 and bytes(frame[:2]) == b"\xff\xd8" and bytes(frame[-2:]) == b"\xff\xd9"


def changed():
    """The saved settings have changed: they hold from the next frame on."""
    global _wanted
    _wanted = None


# cameras.controls is loaded where it is needed and unloaded: with packs it takes as much memory as a driver.


def checked(name, value):
    from cameras import controls  # late: see above

    value = controls.check(name, value)
    unload("cameras.controls")
    return value


def default(name):
    from cameras import controls  # late: see above

    return controls.default(name)


def saved():
    """The settings that `camctl` has saved."""
    from base import config  # late: once for many frames

    if not config.get("camera"):
        return {}
    from cameras import controls  # late: see above

    found = controls.settings()
    unload("cameras.controls")
    return found


def _load():
    """The driver for the module that the firmware has."""
    try:
        module = __import__("camera")
    except ImportError:
        try:
            module = __import__("espcamera")
        except ImportError:
            raise Failure("camera", "this firmware has no camera module; see `docs/camera.md`")
        from cameras.circuitpython import Driver  # late: of the three only the one that is there

        return Driver(module)
    if hasattr(module, "Camera"):
        from cameras.api import Driver  # late: as above
    else:
        from cameras.older import Driver  # late: as above
    return Driver(module)


def pins():
    """The `camera` of the board file: {signal: GPIO}; empty where the firmware knows its own pins."""
    from base import board  # late, and unloaded: with packs it takes as much memory as a driver

    found = (board.get("camera") or ({},))[0]
    unload("base.board")
    return found


def _stop():
    """Stop the camera, so that it takes neither power nor memory."""
    global _driver, _wanted
    _wanted = None
    _applied.clear()
    driver, _driver = _driver, None
    if driver:
        try:
            driver.stop()
        except OSError:  # it had not started
            pass
