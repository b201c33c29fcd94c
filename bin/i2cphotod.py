# i2cphotod - take photos for another board, over I2C or a serial line
# usage: i2cphotod [-a ADDRESS] [-b BUS] [-l GPIO] [-i FILE]
#        i2cphotod -u UART [-s BAUD] [-l GPIO] [-i FILE]
#
# Runs until it is stopped; as a service: service start i2cphotod. The other board fetches the photos with i2cphoto, or as a
# master of freshev's ESP32-CAM does: ping, flash-on, flash-off, capture, get. docs/camera.md has the protocol and the wiring.
#   -a ADDRESS  on the bus (44)      -b BUS  the I2C bus of the board file (0)      -l GPIO  the light (the board's flash LED)
#   -u UART  a serial line of the board file instead of I2C      -s BAUD  its speed (115200)
#   -i FILE  give FILE instead of taking photos; if it is a directory, its files in turn
# The first ESP32, which most ESP32-CAMs have, is no I2C slave with MicroPython's firmware: there use -u, or freshev's firmware.

import asyncio
import os

from base import board, log
from base.errors import Failure, Usage
from base.paths import join
from program import integer, options

proc = None

FILE_MAX = 1024 * 1024


async def __main__(args):
    opts, _ = options(args, "a:b:l:u:s:i:", most=0)
    from photo import link, slaves  # late: not for --help

    take = Files(proc.cwd, opts["i"]).take if opts["i"] else take_photo
    slave = link.Slave(take, light(opts["l"]), lambda error: log.note("i2cphotod", str(error), log.ERR))
    kind = "uart" if opts["u"] else "i2c"
    number = integer(opts["u"] or opts["b"] or "0")
    address = opts.number("a", 44)
    if not 8 <= address <= 119:  # the others are reserved by the I2C specification
        raise Usage("an address is 8 to 119", opts["a"])
    end = slaves.open_end(slave, kind, number, board_pins(kind, number), address, opts.number("s", 115200))
    watcher = asyncio.create_task(expire(slave))
    try:
        await end.run()
    finally:
        watcher.cancel()
        end.close()
        slave.close()


def board_pins(kind, number):
    """The GPIOs of a controller of the board."""
    try:
        return board.gpios(kind, number)
    except (KeyError, IndexError):
        raise Failure(f"{kind} {number}", "not in the board file")


def light(word):
    """The function that switches the light; None where there is none."""
    gpio = (board.get("ledio") or [{}])[0].get("flash") if word is None else integer(word)
    if gpio is None:
        return None
    from machine import Pin  # late: not for a board without a light

    try:
        return Pin(gpio, Pin.OUT, value=0).value
    except ValueError as e:
        raise Failure(word or "light", str(e))


async def take_photo():
    """A frame of the camera as (memoryview, function that frees it)."""
    from cameras.camera import Camera  # late: not with -i

    camera = Camera()
    camera.__enter__()
    try:
        return memoryview(await camera.capture()), lambda: camera.__exit__()
    except BaseException:
        camera.__exit__()
        raise


async def expire(slave):
    while True:
        await asyncio.sleep_ms(1000)
        slave.expire()


class Files:
    """Photos that are there already."""

    def __init__(self, cwd, path):
        self.path = join(cwd, path)
        self.turn = 0  # how many have been taken

    async def take(self):
        """The next file as (memoryview, function that frees it)."""
        path = self.path
        if os.stat(path)[0] & 0x4000:
            names = sorted(os.listdir(path))
            if not names:
                raise Failure(path, "no photos")
            path = join(path, names[self.turn % len(names)])
            self.turn += 1
        size = os.stat(path)[6]
        if size > FILE_MAX:
            raise Failure(path, f"larger than {FILE_MAX} bytes")
        data = bytearray(size)
        with open(path, "rb") as file:
            file.readinto(data)
        return memoryview(data), lambda: None
