# The photo link: the commands by which one board has a photo taken by another, and fetches it. It knows no bus.
#
# The first protocol is that of freshev's ESP32-CAM (github.com/freshev/micropython, ports/esp32/README-CAM.md). A command is a
# word; the answer is one byte: `ping`, `flash-on`, `flash-off` and `capture` give 200, `get` gives 201, a length (2 bytes) and
# so many bytes of the photo, the next ones each time, until the length is 0. What is unknown gives 100. Numbers are little
# endian.
#
# The second one is ours. A slave of the first answers its `hello` with 100, and a master of the first never says it. A command
# ends with a newline; the answer is 202, a length (2 bytes), the payload, and the CRC-32 of the command and the payload:
#   hello 2          version, flags (1 byte each), the largest packet (2 bytes)
#   capture N        take a photo: N, its bytes, its CRC-32 (4 bytes each); said again with the same N, the same photo
#   info             the same of the photo that is there
#   get OFFSET SIZE  that piece of the photo, as often as wanted
# A slave that is not ready yet gives 0; 100 stands for what cannot be done. So each command may be repeated after a fault.

from binascii import crc32
from time import ticks_diff, ticks_ms

from micropython import const

from base.errors import Failure

PENDING = const(0)
BAD = const(100)
GOOD = const(200)
OLD_DATA = const(201)
DATA = const(202)

VERSION = const(2)
COMMAND_MAX = const(32)  # bytes, with the newline
HEAD = const(3)
TAIL = const(4)
PACKET_MAX = const(1024)
OLD_PACKET = const(100)
INFO_SIZE = const(12)
HELLO_SIZE = const(4)
IDLE_MS = const(10_000)
_DIGITS_MAX = const(10)
_NUMBER_MAX = const(0xFFFFFFFF)

OLD_WORDS = ("ping", "flash-on", "flash-off", "capture", "get")
_ARITY = {"hello": 1, "capture": 1, "info": 0, "get": 2}  # of the second protocol


def parse(line):
    """(word, numbers) of a command of the second protocol without its newline; None if it is none."""
    if len(line) >= COMMAND_MAX:
        return None
    for byte in line:
        if not 32 <= byte < 127:
            return None
    word, *rest = bytes(line).decode().split(" ")
    if len(rest) != _ARITY.get(word, -1):
        return None
    numbers = []
    for digits in rest:
        if not digits.isdigit() or len(digits) > _DIGITS_MAX or int(digits) > _NUMBER_MAX:
            return None
        numbers.append(int(digits))
    return word, numbers


def little(*numbers):
    """Numbers as 4 bytes each."""
    return b"".join([number.to_bytes(4, "little") for number in numbers])


class Slave:
    """The board with the photo. Give each command to answer(), send what it returns, then await later()."""

    flags = 0  # for the transport: what its master has to know

    def __init__(self, take, flash=None, note=None):
        """take: `await take()` returns (memoryview of a photo, function that frees it), or raises Failure or OSError.

        flash: a function that gets True or False; None: there is no light. note(text): reports what went wrong.
        """
        self._take = take
        self._flash = flash
        self._note = note
        self._photo = None  # memoryview
        self._free = None
        self._info = b""
        self._number = None  # of the capture that took the photo
        self._next = 0  # offset of the next old `get`
        self._used = 0  # ticks_ms of the last command
        self._busy = False  # the camera takes a photo
        self._due = False  # an old `capture` has been answered and is still to be done
        self._head = bytearray(HEAD)
        self._tail = bytearray(TAIL)
        self._one = bytearray(1)

    async def answer(self, line):
        """Do a command; returns the buffers of the answer, in order. They are valid until the next command.

        line: the bytes of the command without its newline.
        """
        self._used = ticks_ms()
        found = parse(line)
        if found:
            return await self._second(bytes(line), *found)
        word = bytes(line)
        if word == b"get":
            return self._get_next()
        if word == b"capture":
            self._due = True
            return self._code(GOOD)
        if word == b"ping":
            return self._code(GOOD)
        if word in (b"flash-on", b"flash-off") and self._flash:
            self._flash(word == b"flash-on")
            return self._code(GOOD)
        return self._code(BAD)

    async def later(self):
        """Take the photo of an old `capture`: its master waits a fixed time for the answer, not as long as the camera takes."""
        if self._due:
            self._due = False
            await self._capture(None)

    def expire(self):
        """Free the photo if no command has come for a while: until then its frame keeps other users of the camera waiting."""
        if self._photo is not None and not self._busy and ticks_diff(ticks_ms(), self._used) > IDLE_MS:
            self.close()

    def close(self):
        """Free the photo."""
        if self._free:
            self._free()
        self._photo = self._free = None
        self._number = None

    def _code(self, code):
        self._one[0] = code
        return (self._one,)

    async def _second(self, line, word, numbers):
        if word == "hello":
            return self._data(line, bytes((VERSION, self.flags)) + PACKET_MAX.to_bytes(2, "little"))
        if word == "capture" and (self._photo is None or numbers[0] != self._number):
            await self._capture(numbers[0])
        if self._photo is None:
            return self._code(BAD)
        if word == "get":
            offset, size = numbers
            return self._data(line, self._photo[offset : offset + min(size, PACKET_MAX)])
        return self._data(line, self._info)

    def _data(self, line, payload):
        self._head[0] = DATA
        self._head[1:] = len(payload).to_bytes(2, "little")
        self._tail[:] = crc32(payload, crc32(line)).to_bytes(TAIL, "little")
        return self._head, payload, self._tail

    def _get_next(self):
        photo = self._photo or b""
        piece = photo[self._next : self._next + OLD_PACKET]
        self._next = self._next + len(piece) if piece else 0
        self._head[0] = OLD_DATA
        self._head[1:] = len(piece).to_bytes(2, "little")
        return self._head, piece

    async def _capture(self, number):
        self.close()
        self._next = 0
        self._busy = True
        try:
            self._photo, self._free = await self._take()
        except (Failure, OSError) as e:
            if self._note:
                self._note(e)
            return
        finally:
            self._busy = False
            self._used = ticks_ms()
        self._number = number
        self._info = little(number or 0, len(self._photo), crc32(self._photo))
