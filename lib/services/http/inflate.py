# A compressed file for a client that wants it as it was.

from micropython import const

_PIECE = const(1024)


class Inflated:
    """A body of an answer: the content of a .gz file."""

    def __init__(self, path):
        import deflate

        self.file = open(path, "rb")
        self.stream = deflate.DeflateIO(self.file, deflate.GZIP)

    async def next(self):
        return self.stream.read(_PIECE)

    def close(self):
        self.file.close()
