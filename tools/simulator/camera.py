"""The sensor of the simulated camera: a process that draws pictures and writes them into the board's frame buffers.

simulator.sensor starts it when the board first asks for a picture. It shares the memory of the frame buffers with the
board, as a sensor does by DMA: a frame never passes through the board's heap. The first four bytes of that memory are
the port on 127.0.0.1 at which requests are taken. A request is a line with a JSON object: `at` and `room` (a place
in the memory and its bytes), `width`, `height`, `format`, `quality` and the settings of the sensor. The reply is a line
with the bytes of the frame; 0 where it does not fit.
"""

import io
import json
import mmap
import os
import select
import socket
import sys
import time

ENDINGS = (".jpg", ".jpeg", ".png")
TINTS = {
    3: (255, 150, 150),
    4: (150, 255, 150),
    5: (150, 150, 255),
    6: (240, 200, 145),
}  # special effects of the OV2640


class Scene:
    """A landscape with a clock, the number of the frame, and a ball that moves."""

    def __init__(self):
        self.grounds = {}  # (width, height): what does not move
        self.number = 0

    def ground(self, size):
        from PIL import Image  # late: found once the path is set, below

        if size not in self.grounds:
            width, height = size
            gradient = Image.linear_gradient("L").resize(size)
            sky = Image.merge(
                "RGB",
                (
                    gradient.point(lambda v: 90 + v // 3),
                    gradient.point(lambda v: 140 + v // 4),
                    gradient.point(lambda v: 220),
                ),
            )
            soil = Image.merge(
                "RGB",
                (
                    gradient.point(lambda v: 40 + v // 4),
                    gradient.point(lambda v: 90 + v // 4),
                    gradient.point(lambda v: 40),
                ),
            )
            texture = Image.effect_noise((max(width // 2, 1), max(height // 2, 1)), 14 if width > 320 else 8).resize(
                size
            )
            found = sky
            found.paste(soil, (0, height * 3 // 5))
            found = Image.blend(found, Image.merge("RGB", (texture, texture, texture)), 0.25)
            self.grounds[size] = found
        return self.grounds[size].copy()

    def draw(self, size, still):
        """The next picture; still: nothing in it changes."""
        from PIL import ImageDraw, ImageFont  # late: found once the path is set, below

        self.number += 1
        width, height = size
        number = 0 if still else self.number
        picture = self.ground(size)
        draw = ImageDraw.Draw(picture)
        radius = max(height // 10, 4)
        x = radius + number * max(width // 40, 1) % max(width - 2 * radius, 1)
        y = height // 2
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(220, 40, 30), outline=(255, 255, 255))
        if not still:
            text = time.strftime("%H:%M:%S") + "  #%d" % number
            draw.text(
                (width // 40 + 1, height // 40 + 1),
                text,
                fill=(255, 255, 255),
                font=ImageFont.load_default(max(height // 12, 9)),
            )
        return picture


class Pictures:
    """The pictures of a directory, one after another."""

    def __init__(self, directory):
        self.directory = directory
        self.number = 0

    def draw(self, size, still):
        from PIL import Image, ImageOps  # late: found once the path is set, below

        names = sorted(name for name in os.listdir(self.directory) if name.lower().endswith(ENDINGS))
        if not names:
            raise OSError("no pictures in " + self.directory)
        path = os.path.join(self.directory, names[0 if still else self.number % len(names)])
        self.number += 1
        with Image.open(path) as picture:
            return ImageOps.fit(picture.convert("RGB"), size)


def adjust(picture, asked):
    """The picture as the settings of the sensor show it."""
    from PIL import Image, ImageEnhance, ImageOps  # late: found once the path is set, below

    for name, tool in (
        ("brightness", ImageEnhance.Brightness),
        ("contrast", ImageEnhance.Contrast),
        ("saturation", ImageEnhance.Color),
        ("sharpness", ImageEnhance.Sharpness),
    ):
        if asked.get(name):
            picture = tool(picture).enhance(max(1 + asked[name] * 0.25, 0))
    effect = asked.get("special_effect", 0)
    if effect == 1:
        picture = ImageOps.invert(picture)
    elif effect:
        grey = ImageOps.grayscale(picture)
        picture = ImageOps.colorize(grey, (0, 0, 0), TINTS.get(effect, (255, 255, 255)))
    if asked.get("hmirror"):
        picture = ImageOps.mirror(picture)
    if asked.get("vflip"):
        picture = ImageOps.flip(picture)
    if asked.get("colorbar"):
        width, height = picture.size
        for i, color in enumerate(
            (
                (255, 255, 255),
                (255, 255, 0),
                (0, 255, 255),
                (0, 255, 0),
                (255, 0, 255),
                (255, 0, 0),
                (0, 0, 255),
                (0, 0, 0),
            )
        ):
            picture.paste(Image.new("RGB", (width // 8 + 1, height), color), (i * width // 8, 0))
    return picture


def encoded(picture, asked, number):
    """The bytes of a frame."""
    kind = asked.get("format", "JPEG")
    if kind == "JPEG":
        out = io.BytesIO()
        quality = max(5, min(95, round(100 - 1.5 * asked.get("quality", 12))))
        picture.save(out, "JPEG", quality=quality, comment=b"frame %d" % number)
        return out.getvalue()
    if kind == "GRAYSCALE":
        return picture.convert("L").tobytes()
    if kind == "RGB888":
        return picture.tobytes()
    out = bytearray()
    for red, green, blue in zip(*[iter(picture.tobytes())] * 3, strict=True):  # RGB565, the high byte first
        value = (red & 0xF8) << 8 | (green & 0xFC) << 3 | blue >> 3
        out += bytes((value >> 8, value & 255))
    return bytes(out)


def serve(fd):
    """Take requests until the supervisor ends."""
    memory = mmap.mmap(fd, 0)
    listener = socket.create_server(("127.0.0.1", 0))
    scenes = {}
    memory[:4] = listener.getsockname()[1].to_bytes(4, "little")
    while True:
        ready = select.select([listener, 0], [], [])[0]
        if 0 in ready:  # the other end of stdin is closed: the supervisor has ended
            return
        stream, _ = listener.accept()
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with stream, stream.makefile("rwb") as lines:
                for line in lines:
                    answer(lines, json.loads(line), memory, scenes)
        except ConnectionError:
            pass  # the board has been reset


def answer(lines, asked, memory, scenes):
    """Draw what a request asks for."""
    directory = asked.get("pictures")
    if directory not in scenes:
        scenes[directory] = Pictures(directory) if directory else Scene()
    scene = scenes[directory]
    picture = adjust(scene.draw((asked["width"], asked["height"]), asked.get("still")), asked)
    data = encoded(picture, asked, scene.number)
    if len(data) > asked["room"]:
        data = b""
    memory[asked["at"] : asked["at"] + len(data)] = data
    lines.write(b"%d\n" % len(data))
    lines.flush()


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    from simulator import environment  # late: along the path that the line above sets

    environment.need("camera")
    sys.path.append(environment.site_packages())
    try:
        serve(int(sys.argv[1]))
    except (KeyboardInterrupt, OSError) as e:
        sys.exit("sim: camera: %s" % e if isinstance(e, OSError) else 0)
