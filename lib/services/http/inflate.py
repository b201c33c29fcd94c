# A compressed file for a client that does not accept gzip: without ranges, since decompression cannot skip data.
# A module of its own: with a page open it saves 0.4 kB.

from services.http.static import is_known


class Inflated:
    """A body of an answer: the content of a .gz file."""

    def __init__(self, path, size):
        import deflate  # late: not every firmware has it

        bits = 8  # of the window, for which memory is needed: no more than the content has
        while bits < 15 and 1 << bits < size:
            bits += 1
        self.file = open(path, "rb")
        self.stream = deflate.DeflateIO(self.file, deflate.GZIP, bits)
        try:
            self.first = self.stream.read(1)  # allocates the window now: without memory the answer has not begun yet
        except BaseException:
            self.file.close()
            raise

    def readinto(self, buffer):
        if not self.first:
            return self.stream.readinto(buffer)
        buffer[:1] = self.first
        self.first = b""
        return 1 + self.stream.readinto(memoryview(buffer)[1:])

    def close(self):
        self.file.close()


def whole(request, path, size, fields):
    """The answer with the `size` bytes that are compressed in the file at path."""
    fields["ETag"] = fields["ETag"][:-1] + '-plain"'
    if is_known(request, fields):
        return b"", 304, fields
    fields["Content-Length"] = str(size)
    return Inflated(path, size), 200, fields
