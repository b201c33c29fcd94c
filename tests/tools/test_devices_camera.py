"""The simulated camera has the three modules' documented names, and fails as theirs do."""

import io

from PIL import Image, ImageStat

START = """
from camera import Camera, FrameSize, GrabMode, PixelFormat, Version
import camera, simulator


def attempt(call):
    try:
        return call()
    except Exception as e:
        return e.args


def start(**words):
    words.setdefault("frame_size", FrameSize.QVGA)
    return Camera(pixel_format=PixelFormat.JPEG, **words)

"""


def test_frames_are_pictures_of_the_size_and_look_that_were_set(lines, tmp_path):
    code = """
def save(name, frame):
    with open("/mnt/out/" + name, "wb") as file:
        file.write(frame)


c = start(fb_count=2)
print(c.sensor_name, c.pixel_width, c.pixel_height, c.quality, c.frame_available() in (True, False))
save("first", c.capture())
save("second", c.capture())
c.vflip = c.hmirror = True
c.special_effect = 2
for _ in range(3):
    frame = c.capture()
save("turned", frame)
c.reconfigure(frame_size=FrameSize.XGA)
save("large", c.capture())
c.quality = 20
for _ in range(3):
    frame = c.capture()
save("small", frame)
c.reconfigure(pixel_format=PixelFormat.GRAYSCALE, frame_size=FrameSize.QQVGA)
save("grey", c.capture())
simulator.set("camera.fault", "no_frame"); simulator.set("camera.timeout_ms", 100)
print([c.capture() for _ in range(4)][-1], c.frame_available())
simulator.set("camera.fault", "overflow")
print(c.capture())
c.deinit()
print(attempt(c.capture), simulator.get("camera.size"))
"""
    assert lines(START + code, mount=[f"{tmp_path}:/mnt/out"], set={"camera.fps": 0}) == [
        "OV2640 320 240 85 True",
        "None False",
        "None",
        "(2,) None",
    ]
    data = {name: (tmp_path / name).read_bytes() for name in ("first", "second", "turned", "large", "small", "grey")}
    pictures = {name: Image.open(io.BytesIO(data[name])) for name in ("first", "second", "turned", "large")}
    assert [pictures[name].size for name in ("first", "large")] == [(320, 240), (1024, 768)]
    assert data["first"] != data["second"]  # something has moved
    assert len(data["small"]) < len(data["large"]) / 2
    assert len(data["grey"]) == 160 * 120
    # The sky is brighter than the ground, which is upside down now, and without colours.
    top, bottom = (0, 0, 320, 60), (0, 180, 320, 240)
    first, turned = pictures["first"].convert("L"), pictures["turned"].convert("L")
    assert ImageStat.Stat(first.crop(top)).mean > ImageStat.Stat(first.crop(bottom)).mean
    assert ImageStat.Stat(turned.crop(top)).mean < ImageStat.Stat(turned.crop(bottom)).mean
    assert max(ImageStat.Stat(pictures["turned"].convert("HSV")).mean[1:2]) < 10


def test_what_the_driver_refuses(lines):
    code = """
c = start()
print(attempt(lambda: setattr(c, "contrast", 3)), attempt(lambda: start(jpeg_quality=101)))
c = start()
print(c.capture() is not None)  # a second object takes the camera over
c.deinit()
for fault in ("absent", "no_psram", "overflow"):
    simulator.set("camera.timeout_ms", 100); simulator.set("camera.fault", fault)
    print(attempt(lambda: start(frame_size=FrameSize.UXGA)))
"""
    assert lines(START + code) == [
        "('Invalid setting for contrast',) ('jpeg quality must be in range 0-100',)",
        "True",
        "(-261, 'ESP_ERR_NOT_FOUND')",
        "(1, 'ESP_FAIL')",
        "('Failed to capture initial frame. Construct a new object with appropriate configuration.',)",
    ]


def test_the_older_module_and_that_of_circuitpython(lines):
    older = """
import camera, simulator
print(camera.init(0, format=camera.JPEG, framesize=camera.FRAME_VGA, fb_location=camera.PSRAM))
frame = camera.capture()
print(type(frame), frame[:2], frame[-2:], camera.flip(1), camera.quality(10))
for call in (lambda: camera.init(0, fb_location=camera.PSRAM), lambda: camera.init(0)):
    try:
        print(call())
    except OSError as e:
        print(e.args)
    print(camera.deinit())
simulator.set("camera.fault", "no_frame"); simulator.set("camera.timeout_ms", 50)
print(camera.init(0, fb_location=camera.PSRAM), camera.capture(), camera.deinit(), camera.deinit())
"""
    assert lines(older, set={"camera.module": "older"}) == [
        "True",
        r"<class 'bytes'> b'\xff\xd8' b'\xff\xd9' None None",
        "('Camera Init Failed',)",
        "True",
        "('Camera Init Failed',)",
        "False",
        "True False True False",
    ]
    circuit = """
import espcamera
pins = {"data_pins": [], "pixel_clock_pin": 0, "vsync_pin": 0, "href_pin": 0, "i2c": None}
c = espcamera.Camera(pixel_format=espcamera.PixelFormat.JPEG, frame_size=espcamera.FrameSize.VGA, **pins)
frame = c.take(1)
print(c.width, c.height, bytes(frame[:2]), c.quality)
try:
    import camera
except ImportError as e:
    print(e)
"""
    assert lines(circuit, set={"camera.module": "espcamera"}) == [
        r"640 480 b'\xff\xd8' 15",
        "no module named 'camera'",
    ]
