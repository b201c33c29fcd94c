# acamera: Camera for asyncio, as micropython-camera-API has it in its firmware.

import asyncio

from camera import Camera as _Camera
from camera import FrameSize, GainCeiling, GrabMode, PixelFormat  # noqa: F401


class Camera(_Camera):
    """The camera of the module camera, and a capture that lets others run."""

    async def acapture(self):
        """The next frame."""
        self.free_buffer()
        while not self.frame_available():
            await asyncio.sleep(0)
        return self.capture()
