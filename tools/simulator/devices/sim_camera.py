# sim_camera: the camera below the modules camera and espcamera: a sensor, and the frame buffers of Espressif's driver.
#
# A program of the computer draws the pictures and writes them into the frame buffers (simulator/camera.py), which lie
# outside the heap as they do on a board. The world decides by `camera.*` in the store what the sensor sees and what fails
# (docs/simulator-network.md). The behaviour is that of esp32-camera 2.0: https://github.com/espressif/esp32-camera

import json
import select
import socket
import time

import power
import sim_port
import uctypes
from micropython import const

import simulator

NOT_FOUND = const(0x105)  # ESP_ERR_NOT_FOUND
FAIL = const(-1)  # ESP_FAIL
NO_STATE = const(0x103)  # ESP_ERR_INVALID_STATE
NAMES = {NOT_FOUND: "ESP_ERR_NOT_FOUND", FAIL: "ESP_FAIL", NO_STATE: "ESP_ERR_INVALID_STATE"}

WHEN_EMPTY = 0
LATEST = 1
_HEADER = const(16)  # bytes before the first frame buffer
_TIMEOUT_MS = const(4000)  # FB_GET_TIMEOUT
_FPS = const(25)
_START_MS = const(30_000)  # for the program that draws, which may have to be installed
_RATIO = const(5)  # a buffer for JPEG has WIDTH * HEIGHT / 5 bytes

# framesize_t in its order, and the pixels of each.
SIZES = (
    "96X96 QQVGA 128X128 QCIF HQVGA 240X240 QVGA 320X320 CIF HVGA VGA SVGA XGA HD SXGA UXGA FHD P_HD P_3MP QXGA QHD WQXGA "
    "P_FHD QSXGA"
).split()
_PIXELS = (
    "96 96 160 120 128 128 176 144 240 176 240 240 320 240 320 320 400 296 480 320 640 480 800 600 1024 768 1280 720 "
    "1280 1024 1600 1200 1920 1080 720 1280 864 1536 2048 1536 2560 1440 2560 1600 1080 1920 2560 1920"
)
# pixformat_t in its order, and the bytes of a pixel.
FORMATS = "RGB565 YUV422 YUV420 GRAYSCALE JPEG RGB888 RAW RGB444 RGB555".split()
_DEPTHS = (2, 2, 2, 1, 0, 3, 1, 2, 2)
_MAX = {"OV2640": "UXGA", "OV3660": "QXGA", "OV5640": "QSXGA"}  # the largest frame size of each sensor

# What the sensor can be set to: (least, most, at the start).
SETTINGS = {
    "contrast": (-2, 2, 0),
    "brightness": (-2, 2, 0),
    "saturation": (-2, 2, 0),
    "sharpness": (-2, 2, 0),
    "denoise": (0, 8, 0),
    "gainceiling": (0, 6, 0),
    "colorbar": (0, 1, 0),
    "whitebal": (0, 1, 1),
    "gain_ctrl": (0, 1, 1),
    "exposure_ctrl": (0, 1, 1),
    "hmirror": (0, 1, 0),
    "vflip": (0, 1, 0),
    "aec2": (0, 1, 0),
    "awb_gain": (0, 1, 1),
    "agc_gain": (0, 30, 5),
    "aec_value": (0, 1200, 168),
    "special_effect": (0, 6, 0),
    "wb_mode": (0, 4, 0),
    "ae_level": (-2, 2, 0),
    "dcw": (0, 1, 1),
    "bpc": (0, 1, 0),
    "wpc": (0, 1, 1),
    "raw_gma": (0, 1, 1),
    "lenc": (0, 1, 1),
}
_SHOWN = ("contrast", "brightness", "saturation", "sharpness", "special_effect", "hmirror", "vflip", "colorbar")


def module():
    """Which module the firmware has: api, older, espcamera or none."""
    return simulator.get("camera.module", "api") if power.frames else "none"


def require(name, kind):
    """What the import of a module raises that the firmware does not have."""
    sim_port.require(name, module() == kind)


def pixels(size):
    """(width, height) of a frame size."""
    words = _PIXELS.split()
    return int(words[size * 2]), int(words[size * 2 + 1])


class Broken(Exception):
    """The driver fails; args[0] is its number."""


class Sensor:
    """The sensor and its driver, of which there is one."""

    def __init__(self):
        self.active = False
        self.stream = None  # to the program that draws
        self.number = 0  # frames that have been delivered

    def name(self):
        return simulator.get("camera.sensor", "OV2640")

    def max_size(self):
        return SIZES.index(_MAX.get(self.name(), "UXGA"))

    def init(self, format, size, quality, count, mode):
        """esp_camera_init: quality is the sensor's, 0 (best) to 63. Broken if it fails."""
        fault = simulator.get("camera.fault")
        if fault == "absent":
            raise Broken(NOT_FOUND)
        if self.active:
            raise Broken(NO_STATE)
        width, height = pixels(size)
        self.room = width * height // _RATIO if FORMATS[format] == "JPEG" else width * height * _DEPTHS[format]
        if fault == "no_psram" and self.room > 20_000 or _HEADER + self.room * count > power.frames[1]:
            raise Broken(FAIL)  # frame buffer malloc failed
        self.format, self.quality, self.mode = format, quality, mode
        self.settings = {name: SETTINGS[name][2] for name in SETTINGS}
        self.active = True
        self.asked = []  # buffers that are being filled, the next one first
        self.full = []  # (buffer, bytes, ticks) of frames that nobody has taken
        self.free = [_HEADER + i * self.room for i in range(count)]
        self.due = time.ticks_ms()
        self.line = b""
        self.set_size(min(size, self.max_size()))
        self.pump()

    def deinit(self):
        self.active = False
        try:
            while self.asked:  # nothing writes into the buffers any more when this is over
                self.poller.poll(1000)
                if self.reply():
                    self.asked.pop(0)
        except Broken:
            pass
        simulator.put("camera.size", None)

    def set_size(self, size):
        self.size = size
        simulator.put("camera.size", "x".join([str(n) for n in pixels(size)]))

    def set(self, name, value):
        """Set a value of the sensor; returns whether it takes it."""
        least, most, _ = SETTINGS[name]
        if not least <= value <= most:
            return False
        self.settings[name] = value
        simulator.put("camera." + name, value)
        return True

    def connect(self):
        """Find the program that draws: it writes its port into the memory of the buffers when it is ready."""
        port = uctypes.bytearray_at(power.frames[0], 4)
        power.tell("camera")
        end = time.ticks_add(time.ticks_ms(), _START_MS)
        while not any(port):
            if time.ticks_diff(end, time.ticks_ms()) < 0:
                raise Broken(FAIL)
            power.wait_ms(2)
        self.stream = socket.socket()
        self.stream.connect(socket.getaddrinfo("127.0.0.1", port[0] | port[1] << 8)[0][-1])
        self.stream.setblocking(False)
        self.poller = select.poll()
        self.poller.register(self.stream, select.POLLIN)

    def pump(self):
        """Let the sensor fill the buffers that are free, as fast as it makes pictures."""
        now = time.ticks_ms()
        while self.free and time.ticks_diff(now, self.due) >= 0:
            fps = simulator.get("camera.fps", _FPS)
            self.due = time.ticks_add(
                self.due if time.ticks_diff(now, self.due) < 1000 else now, 1000 // fps if fps else 0
            )
            if simulator.get("camera.fault") == "no_frame":
                break
            self.ask(self.free.pop(0))
        while self.asked and (data := self.reply()):
            buffer = self.asked.pop(0)
            count = int(data)
            if simulator.get("camera.fault") == "overflow":
                count = 0
            if not count:  # FB-OVF: the driver drops what does not fit
                self.free.append(buffer)
                continue
            if simulator.get("camera.fault") == "truncated":
                count //= 2
            self.full.append((buffer, count, now))

    def ask(self, buffer):
        if not self.stream:
            self.connect()
        width, height = pixels(self.size)
        asked = {"at": buffer, "room": self.room, "width": width, "height": height, "quality": self.quality}
        asked["format"] = FORMATS[self.format]
        for name in _SHOWN:
            if self.settings[name]:
                asked[name] = self.settings[name]
        for name in ("pictures", "still"):
            asked[name] = simulator.get("camera." + name)
        self.stream.write(json.dumps(asked) + "\n")
        self.asked.append(buffer)

    def reply(self):
        """The next line from the program that draws; b"" if it is not there yet."""
        more = self.stream.read(64)
        if more == b"":
            self.stream.close()
            self.stream = None
            raise Broken(FAIL)
        self.line += more or b""
        line, end, rest = self.line.partition(b"\n")
        if not end:
            return b""
        self.line = rest
        return line

    def available(self):
        """Whether a frame can be taken."""
        self.pump()
        return bool(self.full)

    def take(self):
        """(buffer, bytes) of the next frame, None if there is none in time. The whole board waits for it."""
        limit = time.ticks_add(time.ticks_ms(), simulator.get("camera.timeout_ms", _TIMEOUT_MS))
        self.pump()
        if self.mode == LATEST:
            self.renew()
        while not self.full:
            if time.ticks_diff(limit, time.ticks_ms()) <= 0:
                return None
            if self.asked:
                self.poller.poll(2)
            else:
                power.wait_ms(2)
            self.pump()
        self.number += 1
        simulator.put("camera.frames", self.number)
        return self.full.pop(0)[:2]

    def renew(self):
        """Drop frames that are older than the time in which the sensor makes another one."""
        fps = simulator.get("camera.fps", _FPS)
        now = time.ticks_ms()
        while self.full and fps and time.ticks_diff(now, self.full[0][2]) > 2000 // fps:
            self.free.append(self.full.pop(0)[0])
        self.pump()

    def give_back(self, buffer):
        """The buffer may be filled again."""
        self.free.append(buffer)
        self.pump()

    def view(self, buffer, count):
        """What a program gets: the memory of the buffer itself."""
        return memoryview(uctypes.bytearray_at(power.frames[0] + buffer, count))


sensor = Sensor()
