# WebREPL's requests for files: version, get and put, in binary messages.
#
# A request has 82 bytes: "WA", what is asked for, flags, 8 bytes of an offset, which nobody uses, the size of a put file,
# the length of the name, 64 bytes for the name. Each answer is "WB" and a status: 0, or the number of an error. It may come
# in several messages. A file that is put replaces the old one when all of it has come.

import struct
import sys

from micropython import const

from base.errors import Failure, reason
from base.files import ENOSPC, Replacement, sized
from base.paths import dirname, isdir, normal, space
from services import protected

_REQUEST = "<2sBBQLH64s"
_SIZE = const(82)
_PUT = const(1)
_GET = const(2)
_VERSION = const(3)
_PIECE = const(1024)  # bytes of a file in a message; more than the firmware's 256, the name's place is 64
_RESERVE = const(16384)  # bytes of the file system that are left for the system, as ftpd does
_EACCES = const(13)
_EISDIR = const(21)
_EINVAL = const(22)


class Files:
    """The requests of one client, one after another."""

    def __init__(self, port):
        self.port = port
        self.head = b""  # of a request, as far as it has come
        self.new = None  # the Replacement of a put
        self.left = 0  # bytes of a put or a get that are to come
        self.status = 0  # of a put: why it has failed
        self.putting = False
        self.source = None  # the file of a get

    async def take(self, data):
        """Handle the next bytes of the client."""
        while data:
            if self.putting:
                piece = data[: self.left]
                data = data[len(piece) :]
                await self.put(piece)
            elif self.source:
                data = data[1:]  # it asks for the next piece
                await self.send_piece()
            else:
                count = _SIZE - len(self.head)
                self.head += data[:count]
                data = data[count:]
                if len(self.head) == _SIZE:
                    head, self.head = self.head, b""
                    await self.request(head)

    async def request(self, head):
        mark, kind, _, _, size, length, name = struct.unpack(_REQUEST, head)
        if mark != b"WA":
            return
        if kind == _VERSION:
            await self.port.reply(bytes(sys.implementation.version[:3]))
            return
        path = ""
        try:
            if kind not in (_PUT, _GET) or length > len(name):
                raise OSError(_EINVAL)
            virtual = normal("/" + name[:length].decode())
            path = protected.real(self.port.root, virtual)
            if kind == _PUT:
                self.begin_put(path, size)
            else:
                self.begin_get(path)
        except (OSError, Failure, UnicodeError) as e:
            self.note(path, e)
            await self.result(e.errno if isinstance(e, OSError) and e.errno else _EINVAL)
            return
        await self.result(0)
        if kind == _PUT:
            await self.put(b"")  # an empty file has come as a whole

    def begin_put(self, path, size):
        why = "read-only" if self.port.readonly else protected.unwritable(path, self.port.root)
        if why:
            raise OSError(_EACCES, why)
        if size + _RESERVE > space(dirname(path))[1]:
            raise OSError(ENOSPC)
        self.new = Replacement(path)
        self.left = size
        self.status = 0
        self.putting = True

    def begin_get(self, path):
        if protected.unreadable(path):
            raise OSError(_EACCES)
        if isdir(path):
            raise OSError(_EISDIR)
        self.source, self.left = sized(path)

    async def put(self, piece):
        """Bytes of the file that is put; behind a failure they are dropped."""
        self.left -= len(piece)
        try:
            if piece and not self.status:
                self.new.write(piece)
            if not self.left and not self.status:
                self.new.commit()
        except OSError as e:
            self.status = e.errno or ENOSPC
            self.note(self.new.path, e)
            self.new.abandon()
        if not self.left:
            self.putting = False
            self.new = None
            await self.result(self.status)

    async def send_piece(self):
        """The next bytes of the file that is got, behind their number; 0 is its end."""
        piece = self.source.read(min(self.left, _PIECE)) if self.left else b""
        self.left -= len(piece)
        await self.port.reply(struct.pack("<H", len(piece)) + piece)
        if not piece:
            self.source.close()
            self.source = None
            await self.result(0)

    async def result(self, status):
        await self.port.reply(b"WB" + status.to_bytes(2, "little"))

    def note(self, path, error):
        """Log why there is no file: the client gets nothing but a number."""
        from base import log  # late: only for errors

        log.note("webrepld", f"{self.port.connection.address}: {path}: {reason(error)}", log.INFO)

    def close(self):
        """The client has gone: a file that has come in part is dropped."""
        if self.new:
            self.new.abandon()
            self.new = None
        if self.source:
            self.source.close()
            self.source = None
