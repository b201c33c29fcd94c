# /stream and /capture.jpg: the camera for browsers and recorders. services.http.controls has its controls.
#
# The stream is MJPEG, as cameras have sent it since Netscape (multipart/x-mixed-replace). All viewers get the same frame from
# the driver's buffer, without a copy. Nobody waits for a slow one: when the others have the frame, what a viewer has not
# taken yet is copied for it, and it misses frames until it has taken that. A viewer that takes nothing is dropped by the
# time limit of all connections. A user's login opens it, or a token (`camctl token`) as ?token=.

import asyncio
import gc
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from base import generation
from base.errors import Failure
from cameras.camera import Camera
from net.sockets import writable
from services.http import access
from services.http.protocol import HTTPError, head

MICROS = "/cam/"  # the same as micrOS has it: /cam/snapshot and /cam/stream, to whom /rest is open, too
_VIEWERS_MAX = const(8)
_LAG_MS = const(20)  # how long a frame is kept for the last viewers when others have it,
_HOLD_MS = const(500)  # and when nobody has: others may want the camera
_STEP_MS = const(2)  # between two looks
_SPARE = const(32_768)  # bytes that must be free beside the copy of a frame
_KIND = const("multipart/x-mixed-replace; boundary=frame")
_PART = const(b"Content-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n")
_END = const(b"\r\n--frame\r\n")  # behind a frame, so that a browser need not wait for the next one to show it
_FIELDS = const(("Cache-Control", "no-store, no-transform"))
_SITE = const(("Cross-Origin-Resource-Policy", "same-origin"))


class Viewer:
    """A client, and what it has not taken yet of a frame."""

    def __init__(self, request):
        self.connection = request.connection
        self.login = request.login
        self.token = "" if self.login else request.argument("token")
        self.epoch = generation.count
        self.left = []  # pieces of the frame

    def push(self):
        """Send what the socket accepts now; returns whether that was all. OSError if the client is gone."""
        left = self.left
        while left:
            count = self.connection.push(left[0])
            if count < len(left[0]):
                left[0] = memoryview(left[0])[count:]
                self.connection.stalled = True
                return False
            left.pop(0)
        self.connection.stalled = False
        return True

    def keep(self):
        """Copy what is left, since the frame goes; MemoryError if there is too little memory."""
        size = sum([len(piece) for piece in self.left])
        if gc.mem_free() < size + _SPARE:
            gc.collect()
            if gc.mem_free() < size + _SPARE:
                raise MemoryError
        self.left[:] = [bytes(piece) for piece in self.left]

    async def finish(self):
        """Send what is left."""
        while self.left:
            await writable(self.connection.sock)
            self.push()

    def watch(self):
        """Called about once a second: end when the token has been revoked, or the login is not valid any more."""
        if self.login:
            good = self.login.life >= 0 and access.is_good(self.login)
            access.touch(self.login)
        else:
            good = self.epoch == generation.count or is_token(self.token)
            self.epoch = generation.count
        if not good:
            self.end()

    def end(self):
        self.left = []
        self.connection.task.cancel()


class Cast:
    """The stream: one frame after another, for all viewers. It is there while there are some."""

    def __init__(self, server):
        self.server = server
        self.viewers = []
        self.joining = 0  # viewers that wait for the first frame
        self.more = asyncio.Event()  # wakes the tasks of viewers that have not taken all at once
        self.begun = asyncio.Event()  # there is a frame, or none will come
        self.failure = None
        self.task = asyncio.create_task(self.run())

    async def run(self):
        try:
            with Camera() as camera:
                while self.viewers or self.joining:
                    if self.viewers and all(viewer.left for viewer in self.viewers):
                        await asyncio.sleep_ms(_STEP_MS)
                        continue
                    frame = await camera.capture()
                    self.begun.set()
                    try:
                        await self.show(frame)
                    finally:
                        camera.free()
                    frame = None
                    await asyncio.sleep_ms(0)
        except (Failure, OSError, MemoryError) as e:
            self.failure = e
        finally:
            self.server.cast = None
            self.begun.set()
            for viewer in self.viewers:
                viewer.end()

    async def show(self, frame):
        """Send a frame to all viewers that have taken the one before."""
        pieces = (_PART % len(frame), frame, _END)
        offered = missed = 0
        late = []
        for viewer in self.viewers:
            if viewer.left:
                missed += 1
                continue
            offered += 1
            viewer.left = list(pieces)
            try:
                if not viewer.push():
                    late.append(viewer)
            except OSError:  # it is gone
                viewer.end()
        count(self.server, offered, len(frame), missed)
        if late:
            self.more.set()
            self.more.clear()
            await self.wait(late, offered)

    async def wait(self, late, offered):
        """Wait for the last viewers, but not long; then copy what they have not taken."""
        hold = ticks_add(ticks_ms(), _HOLD_MS)
        limit = None
        while late:
            late = [viewer for viewer in late if viewer.left]
            now = ticks_ms()
            if limit is None and len(late) < offered:
                limit = ticks_add(now, _LAG_MS)
            if ticks_diff(hold if limit is None else limit, now) <= 0:
                break
            await asyncio.sleep_ms(_STEP_MS)
        for viewer in late:
            try:
                viewer.keep()
            except MemoryError:
                viewer.end()


def count(server, frames, size, missed):
    """Add to the figures for /metrics."""
    if not server.frames:
        server.frames = [0, 0, 0]
    server.frames[0] += frames
    server.frames[1] += frames * size
    server.frames[2] += missed


def is_token(token):
    from cameras import tokens  # late: few clients have one

    return tokens.is_known(token)


def admits(request):
    """Whether a request without a login has a token."""
    if not is_token(request.argument("token")):
        return False
    request.connection.admitted = True
    return True


def serve(request):
    """The answer, or what waits for it: no coroutine of its own, which each viewer would hold."""
    if request.method not in ("GET", "HEAD"):
        return "", 405, {"Allow": "GET, HEAD"}
    if request.path in ("/capture.jpg", "/cam/snapshot"):
        return capture(request)
    if request.path in ("/stream", "/cam/stream"):
        return stream(request)
    raise HTTPError(404, "Not found")


async def capture(request):
    """A photo; ?size= and ?quality= as in `photo`."""
    try:
        camera = Camera(request.argument("size") or None, request.argument("quality") or None)
    except Failure as e:
        raise HTTPError(400, str(e))
    viewer = Viewer(request)
    with camera:
        try:
            frame = await camera.capture()
        except Failure as e:
            raise HTTPError(503, str(e), {"Retry-After": "5"})
        fields = (("Content-Type", "image/jpeg"), ("Content-Length", len(frame)), _FIELDS, _SITE)
        viewer.left = [head(200, fields, False), frame] if request.method == "GET" else [head(200, fields, False)]
        count(request.server, 1, len(frame), 0)
        request.stream.answering = True
        limit = ticks_add(ticks_ms(), _HOLD_MS)
        while not viewer.push() and ticks_diff(limit, ticks_ms()) > 0:
            await asyncio.sleep_ms(_STEP_MS)
        if viewer.left:
            viewer.keep()
        frame = None
        camera.free()
    await viewer.finish()
    return None


async def stream(request):
    """The connection of a viewer, until it ends."""
    server = request.server
    connection = request.connection
    first = head(200, (("Content-Type", _KIND), _FIELDS, _SITE), False) + b"\r\n" + _END[2:]
    if request.method == "HEAD":
        await connection.send(first[: -len(_END)])
        return None
    cast = server.cast
    if not cast:
        cast = server.cast = Cast(server)
    if len(cast.viewers) + cast.joining >= _VIEWERS_MAX:
        raise HTTPError(503, f"no more than {_VIEWERS_MAX} viewers", {"Retry-After": "5"})
    viewer = Viewer(request)
    cast.joining += 1
    try:
        await cast.begun.wait()
        if cast.failure:
            raise HTTPError(503, str(cast.failure), {"Retry-After": "5"})
        request.stream.answering = True
        await connection.send(first)
        first = request.headers = None  # nobody needs them any more, and there are eight viewers
        connection.on_watch = viewer.watch
        cast.viewers.append(viewer)
    finally:
        cast.joining -= 1
    try:
        while True:
            await cast.more.wait()
            await viewer.finish()
    finally:
        cast.viewers.remove(viewer)
