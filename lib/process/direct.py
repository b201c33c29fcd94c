# Standard input and output without a terminal: the simulator's -c.

from process.console import raw_stream
from process.stream import CHUNK, Stream, encoded


class PortStream(Stream):
    """The host's standard input, and one of its outputs."""

    def __init__(self, port, output):
        super().__init__()
        self.port = port
        self.output = raw_stream(output)

    def write(self, data):
        data = encoded(data)
        while data:
            count = self.output.write(data)
            if count is None:
                continue
            if count >= len(data):
                return
            data = data[count:]

    async def fill(self):
        return await self.port.read()

    async def read(self, n=CHUNK):
        data = self.rest or await self.fill()
        self.rest = data[n:]
        return data[:n]
