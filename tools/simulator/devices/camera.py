# camera: the module of two firmwares for camera boards; the world chooses by camera.module which one it is.
#
# api: https://github.com/cnadler86/micropython-camera-API (0.6), older: that of lemariva and freshev
# (https://github.com/lemariva/micropython-camera-driver). The sensor below is sim_camera.

import sim_camera
import sim_port

_KIND = sim_camera.module()
sim_port.require("camera", _KIND in ("api", "older"))

if _KIND == "api":
    from sim_camera_api import Camera, FrameSize, GainCeiling, GrabMode, PixelFormat, Version  # noqa: F401
else:
    from sim_camera_older import (  # noqa: F401
        __getattr__,
        brightness,
        capture,
        contrast,
        deinit,
        flip,
        framesize,
        init,
        mirror,
        quality,
        saturation,
        speffect,
        whitebalance,
    )
