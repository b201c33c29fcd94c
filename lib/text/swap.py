# Lines that end with NUL instead of a newline (-z): streams in which the two have changed places.

from process.stream import Stream

_TABLE = bytes([10]) + bytes(range(1, 10)) + bytes([0]) + bytes(range(11, 256))


def swapped(data):
    """data with newlines for NUL and the other way round."""
    if b"\n" not in data:
        return data.replace(b"\0", b"\n")
    if b"\0" not in data:
        return data.replace(b"\n", b"\0")
    return bytes([_TABLE[byte] for byte in data])


class Swapped(Stream):
    """A stream on top of another one."""

    def __init__(self, stream):
        super().__init__()
        self.stream = stream

    async def fill(self):
        return swapped(await self.stream.read())

    def release(self):
        self.stream.close()

    def write(self, data):
        self.stream.write(swapped(data if isinstance(data, bytes) else data.encode()))
