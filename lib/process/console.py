# The console: the bytes of the serial port (USB, UART, or the simulator's terminal).

import asyncio
import select
import sys

import micropython
from micropython import const

_BURST = const(256)  # bytes read or written at a time


def raw_stream(stream):
    """The binary stream below a text one."""
    return getattr(stream, "buffer", stream)


class ConsolePort:
    """The console as bytes. On a board, reading more than one byte would wait for all of them; where the stream
    is a file of an operating system (it has a number), a read takes what is there."""

    raw_repl = "raw REPL"  # tools on a computer expect it on a serial port (shell.rawrepl)

    def __init__(self):
        self.input = raw_stream(sys.stdin)
        self.output = raw_stream(sys.stdout)
        self.reader = asyncio.StreamReader(self.input)
        self.buffer = memoryview(bytearray(_BURST))  # bytes stay here while there is no memory for them
        self.count = 0
        self.step = _BURST if hasattr(sys.stdin, "fileno") else 1
        self.one = self.buffer[:1]
        self.poll = select.poll()
        self.poll.register(self.output, select.POLLOUT)
        self.more = select.poll()
        self.more.register(self.input, select.POLLIN)

    def interrupts(self, on):
        """Set whether Ctrl-C raises KeyboardInterrupt; otherwise it is an ordinary byte of input."""
        micropython.kbd_intr(3 if on else -1)

    async def read(self):
        """Wait for at least one byte and return what has arrived; b"" at the end of the input."""
        buffer = self.buffer
        while not self.count:
            count = await self.reader.readinto(buffer if self.step > 1 else self.one)
            if count == 0:
                return b""
            self.count = count or 0
        while self.step == 1 and self.count < _BURST and self.more.poll(0):
            self.input.readinto(buffer[self.count : self.count + 1])
            self.count += 1
        data = bytes(buffer[: self.count])
        self.count = 0
        return data

    def write(self, data):
        """Write as many bytes as the other end accepts now; returns their number."""
        done = 0
        view = memoryview(data)
        while done < len(data) and self.poll.poll(0):
            try:
                count = self.output.write(view[done : done + _BURST])
            except OSError:
                return len(data)  # without a listener output is lost, as on any serial line
            if not count:
                break
            done += count
        return done
