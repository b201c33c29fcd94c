# WebSockets (RFC 6455): the handshake, the messages of a client, the frames for it.

from binascii import b2a_base64
from hashlib import sha1

from micropython import const

from services.http.protocol import HTTPError

TEXT = const(1)
BINARY = const(2)
CLOSE = const(8)
PONG = const(10)

_CONTINUATION = const(0)
_PING = const(9)
_CONTROL = const(8)  # opcodes from here on are of control frames
_CONTROL_MAX = const(125)  # bytes in a control frame (5.5)
_REASON_MAX = const(123)  # bytes of text in a closing frame, behind its code
_NO_MASK = b"\0\0\0\0"
_GUID = const(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11")  # 1.3

NORMAL = const(1000)  # closing codes (7.4.1)
_PROTOCOL_ERROR = const(1002)
_TOO_BIG = const(1009)


class Closed(Exception):
    """The client has closed the connection, or has broken the protocol; args[0]: the code of the answer."""


def frame(opcode, data):
    """A whole message for the client; data: up to 65,535 bytes."""
    size = len(data)
    if size < 126:
        return bytes((0x80 | opcode, size)) + data
    return bytes((0x80 | opcode, 126, size >> 8, size & 255)) + data


def whole(data):
    """How many bytes of data are characters of UTF-8 that have all their bytes."""
    end = len(data)
    start = end
    while start and end - start < 4:
        start -= 1
        c = data[start]
        if c < 0x80:
            return end
        if c >= 0xC0:
            return start if end - start < (2 if c < 0xE0 else 3 if c < 0xF0 else 4) else end
    return end


def closing(code, text=""):
    """The frame that closes a connection."""
    return frame(CLOSE, bytes((code >> 8, code & 255)) + text.encode()[:_REASON_MAX])


def check(headers):
    """HTTPError unless the fields of a request are a client's handshake (4.2.1)."""
    if headers.get("sec-websocket-version", "13") != "13":
        raise HTTPError(400, "", {"Sec-WebSocket-Version": "13"})
    upgrades = headers["upgrade"].lower() == "websocket" and "upgrade" in headers.get("connection", "").lower()
    if not upgrades or not headers.get("sec-websocket-key"):
        raise HTTPError(400, "invalid WebSocket handshake")


async def handshake(stream, headers):
    """Accept a handshake that check() has passed (4.2.2)."""
    digest = sha1(headers["sec-websocket-key"].encode() + _GUID).digest()
    await stream.awrite(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + b2a_base64(digest)[:-1] + b"\r\n\r\n"
    )


async def receive(stream, limit, answer):
    """The next message: a str if it is text, else bytes. UnicodeError for text that is not UTF-8; see receive_bytes()."""
    kind, message = await receive_bytes(stream, limit, answer)
    return message.decode() if kind == TEXT else message


async def receive_bytes(stream, limit, answer, strict=True):
    """(TEXT or BINARY, the bytes of the next message).

    limit: its greatest size; answer(opcode, data) sends what a ping asks for. Raises Closed and EOFError.
    strict: a client must mask its frames, as 5.1 asks for; those of MicroPython's WebREPL do not.
    """
    kind = _CONTINUATION
    message = b""
    while True:
        opcode, data, final = await _read_frame(stream, limit - len(message), strict)
        if opcode == CLOSE:
            raise Closed(NORMAL)
        if opcode >= _CONTROL:
            if opcode == _PING:
                answer(PONG, data)
            continue
        if (opcode == _CONTINUATION) != (kind != _CONTINUATION):  # each message has one beginning (5.4)
            raise Closed(_PROTOCOL_ERROR)
        kind = kind or opcode
        message = message + data if message else data
        if final:
            return kind, message


async def _read_frame(stream, limit, strict):
    """(opcode, data, whether it ends its message) of the next frame (5.2)."""
    first, second = await stream.readexactly(2)
    opcode = first & 15
    size = second & 127
    masked = second & 0x80
    if first & 0x70 or (strict and not masked) or BINARY < opcode < _CONTROL or opcode > PONG:
        raise Closed(_PROTOCOL_ERROR)
    if opcode >= _CONTROL and (size > _CONTROL_MAX or not first & 0x80):
        raise Closed(_PROTOCOL_ERROR)
    if size > _CONTROL_MAX:
        size = int.from_bytes(await stream.readexactly(2 if size == 126 else 8), "big")
    if opcode < _CONTROL and size > limit:
        raise Closed(_TOO_BIG)
    mask = await stream.readexactly(4) if masked else _NO_MASK
    data = await stream.readexactly(size)
    return opcode, unmask(data, mask), first & 0x80


def unmask(data, mask):
    """data, each byte XOR that of mask at its place modulo 4 (5.3); as large integers, which MicroPython computes in C."""
    size = len(data)
    if not size or mask == _NO_MASK:
        return data
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")
