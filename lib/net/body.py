# The body of a request: bytes, a file, or the fields of a form. Each has `length` and send(link).

import os

from micropython import const

from base.errors import Failure

_BUFFER = const(1024)


class Data:
    """Bytes."""

    def __init__(self, data):
        self.data = data
        self.length = len(data)

    async def send(self, link):
        await link.send(self.data)


class File:
    """A file, read while sending."""

    def __init__(self, path):
        if os.stat(path)[0] & 0x4000:
            raise Failure(path, "Is a directory")
        self.path = path
        self.length = os.stat(path)[6]

    async def send(self, link):
        buffer = bytearray(_BUFFER)
        view = memoryview(buffer)
        left = self.length
        with open(self.path, "rb") as file:
            while left:
                n = file.readinto(buffer)
                if not n:
                    raise Failure(self.path, "file was truncated")
                n = min(n, left)
                await link.send(view[:n])
                left -= n


class Several:
    """Several bodies, concatenated."""

    def __init__(self, parts):
        self.parts = parts
        self.length = sum([part.length for part in parts])

    async def send(self, link):
        for part in self.parts:
            await part.send(link)


def form(fields):
    """(body, content type) of a form with fields NAME=VALUE and NAME=@FILE (multipart/form-data, RFC 7578)."""
    mark = "----" + os.urandom(12).hex()
    parts = []
    for field in fields:
        name, equals, value = field.partition("=")
        if not equals:
            raise Failure(field, "not NAME=VALUE")
        name = name.replace('"', "%22")
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"'
        if value[:1] == "@":
            path, _, kind = value[1:].partition(";type=")
            base = path.rpartition("/")[2].replace('"', "%22")
            kind = kind or "application/octet-stream"
            parts.append(Data(f'{head}; filename="{base}"\r\nContent-Type: {kind}\r\n\r\n'.encode()))
            parts.append(File(path))
        else:
            parts.append(Data(f"{head}\r\n\r\n{value}".encode()))
        parts.append(Data(b"\r\n"))
    parts.append(Data(f"--{mark}--\r\n".encode()))
    return Several(parts), "multipart/form-data; boundary=" + mark
