# i2cphoto - fetch a photo from another board, over I2C or a serial line
# usage: i2cphoto [-cfv] [-a ADDRESS] [-b BUS] [-z HZ] [-n BYTES] [-o FILE]
#        i2cphoto -u UART [-s BAUD] [-cfv] [-n BYTES] [-o FILE]
#
# The other board runs i2cphotod, or the slave of freshev's ESP32-CAM. Writes to FILE (photo.jpg); FILE is replaced when the whole
# photo is there and its CRC-32 is right. An older slave has no CRC: then only the first and last bytes of the JPEG are checked.
#   -o FILE  where to; - is standard output      -c  continue: fetch the rest of the photo that an interrupted run began
#   -f  with the light      -v  say on standard error how many packets it took
#   -a ADDRESS  on the bus (44)      -b BUS  the I2C bus of the board file (0)      -z HZ  its speed (400000)
#   -u UART  a serial line of the board file      -s BAUD  its speed (115200)      -n BYTES  of the photo in a packet (1024)
# Examples: i2cphoto -f -o door.jpg      i2cphoto -o - | wget --post-file=- http://nas/photo
# Until it is complete, a photo is in FILE.CRC.part. If the slave is away it is waited for, 20 seconds long.

import os
from binascii import crc32

from base import board, files
from base.errors import Failure, Usage
from base.paths import basename, dirname, join
from program import integer, options

proc = None

ENOSPC = 28
TRIES = 5  # photos: one is taken anew after a restart of the other board


async def __main__(args):
    opts, _ = options(args, "cfva:b:z:u:s:n:o:", most=0)
    packet = opts.number("n", 1024)
    if not 0 < packet <= 1024:
        raise Usage("a packet has 1 to 1024 bytes", opts["n"])
    from photo.fetch import Master  # late: not for --help

    master = Master(open_bus(opts), packet)
    await master.hello()
    if opts["f"]:
        await master.flash(True)
    try:
        if master.second:
            size = await fetch(master, opts["o"] or "photo.jpg", opts["c"])
        else:
            size = await store_old(await master.old_photo(), opts["o"] or "photo.jpg")
    finally:
        if opts["f"]:
            await master.flash(False)
    if opts["v"]:
        proc.stderr.write(f"{size} bytes, {master.packets} packets, {master.repeats} repeated\n")


def open_bus(opts):
    """The bus that the options name."""
    from machine import I2C, UART, Pin  # late: not for --help

    from photo.masters import I2CBus, SerialBus  # late: likewise

    kind = "uart" if opts["u"] else "i2c"
    number = integer(opts["u"] or opts["b"] or "0")
    try:
        pins = {signal: Pin(gpio) for signal, gpio in board.gpios(kind, number).items()}
        if kind == "uart":
            return SerialBus(UART(number, opts.number("s", 115200), tx=pins["tx"], rx=pins["rx"], rxbuf=2048))
        i2c = I2C(number, scl=pins["scl"], sda=pins["sda"], freq=opts.number("z", 400000), timeout=500000)
        return I2CBus(i2c, opts.number("a", 44))
    except (KeyError, IndexError):
        raise Failure(f"{kind} {number}", "not in the board file")
    except ValueError as e:
        raise Failure(f"{kind} {number}", str(e))


async def fetch(master, target, resume):
    """Take a photo and fetch it, by the second protocol; returns its bytes."""
    from photo.fetch import Lost  # late: as above

    for left in range(TRIES - 1, -1, -1):
        try:
            size, crc = await (master.info() if resume else master.capture(int.from_bytes(os.urandom(4), "little")))
            if target == "-":
                data = bytearray()
                await master.fetch(size, data.extend)
                if crc32(data) == crc:
                    await give(data)
                    return size
            elif await to_file(master, join(proc.cwd, target), size, crc):
                return size
        except Lost:
            if not left:
                raise
        resume = False
    raise Failure("", "the photo changes while it is fetched")


async def to_file(master, path, size, crc):
    """Fetch a photo into a file, from where an earlier run has come to; False if another photo came."""
    part = f"{path}.{crc:08x}.part"
    try:
        have = os.stat(part)[6]
    except OSError:
        have = 0
    with open(part, "ab" if have <= size else "wb") as file:

        def write(data):
            if file.write(data) != len(data):
                raise OSError(ENOSPC)  # a short count means that the file system is full

        await master.fetch(size, write, have if have <= size else 0)
    if checksum(part) != crc:
        files.unlink(part)
        return False
    files.rename(part, path)
    remove_parts(path)
    return True


def remove_parts(path):
    """Remove what is left of photos that were given up."""
    directory, start = dirname(path), basename(path) + "."
    for name in [name for name, _ in files.listed(directory) if name.startswith(start) and name.endswith(".part")]:
        files.unlink(join(directory, name))


def checksum(path):
    buffer = bytearray(1024)
    crc = 0
    with open(path, "rb") as file:
        while count := file.readinto(buffer):
            crc = crc32(memoryview(buffer)[:count], crc)
    return crc


async def give(data):
    """Write to standard output in pieces, as it takes them."""
    view = memoryview(data)
    for start in range(0, len(data), 1024):
        proc.stdout.write(view[start : start + 1024])
        await proc.stdout.drain()


async def store_old(parts, target):
    """Write the parts of a photo; returns its bytes."""
    if target == "-":
        for part in parts:
            await give(part)
    else:
        with files.Replacement(join(proc.cwd, target)) as file:
            for part in parts:
                file.write(part)
    return sum([len(part) for part in parts])
