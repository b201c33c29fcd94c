# The line to a modem: commands and answers (ITU-T V.250, 3GPP TS 27.007), unsolicited lines, and data between them.
#
# One command runs at a time; others wait. The line is only read during a command or listen(): until then, unsolicited
# lines wait in the buffer of the UART.

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from base.errors import Failure
from modem import Refused, Silent, short

ANSWER_MS = const(2000)
_PIECE = const(512)  # bytes read at a time
_LOOK_MS = const(4)
_LINE_MAX = const(1024)
_ANSWER_MAX = const(8192)  # characters of an answer
_SLICE_MS = const(100)  # how long listen() delays commands
_QUIET_MS = const(60)  # silence that ends the rest of an old answer
_NOISE = const(8192)  # bytes of an old answer after which it is not a modem
_ETIMEDOUT = const(110)

# Final results other than success.
_ERRORS = ("ERROR", "FAIL", "SEND FAIL", "NO CARRIER", "NO ANSWER", "NO DIALTONE", "BUSY", "CONNECT FAIL")
_MORE = ("+CME ERROR:", "+CMS ERROR:", "busy ")
_WHOLE = ("OK", "SEND OK", "SET OK", "CLOSE OK", "SHUT OK", "CONNECT OK")  # results that must be a whole line


class Channel:
    """The line to a modem."""

    owing = 0  # outstanding bytes of data
    stale = False  # the end of an old answer is outstanding
    moved = False  # data was received
    trace = None  # called with ">>" or "<<" and a line, for -v
    take = None  # called with received data
    heard = None  # called with each line; returns True if it is not part of the answer

    def __init__(self, uart, name):
        self.uart = uart
        self.name = name
        self.buffer = bytearray()
        self.lock = asyncio.Lock()
        # The heads of data: (function(buffer) that returns the lengths of the head and of the data, or None while the head
        # is incomplete; function that is called with the data, or None).
        self.heads = {}
        self.odd = False  # invalid characters were received

    # --- bytes

    async def more(self, ms):
        """Read some bytes within ms; OSError(ETIMEDOUT).

        It polls: asyncio.wait_for() loses a cancellation that arrives just at the timeout (MicroPython 1.26), so a program
        that listens in slices of time could not be ended.
        """
        limit = ticks_add(ticks_ms(), ms)
        while not (count := self.uart.any()):
            if ticks_diff(limit, ticks_ms()) <= 0:
                raise OSError(_ETIMEDOUT)
            await asyncio.sleep_ms(_LOOK_MS)
        data = self.uart.read(min(count, _PIECE))
        if data:
            self.buffer.extend(data)

    async def send(self, data):
        """Send all of data."""
        view = memoryview(data)
        while len(view):
            count = self.uart.write(view)
            if count:
                view = view[count:]
            else:
                await asyncio.sleep_ms(1)

    def item(self, prompt=False):
        """The next received line, ">" for an expected prompt, or None. Data goes to take()."""
        while True:
            buffer = self.buffer
            if self.owing:
                count = min(self.owing, len(buffer))
                if not count:
                    return None
                if self.take:
                    self.take(bytes(buffer[:count]))
                self.moved = True
                self.owing -= count
                self.buffer = buffer[count:]
                continue
            skip = 0
            while skip < len(buffer) and buffer[skip] in b"\r\n":
                skip += 1
            if skip:
                self.buffer = buffer = buffer[skip:]
            if not buffer:
                return None
            if self.begins(buffer):
                continue
            if prompt and buffer[0] == 62:
                self.buffer = buffer[2 if buffer[1:2] == b" " else 1 :]
                return ">"
            end = buffer.find(b"\n")
            if end < 0:
                if len(buffer) <= _LINE_MAX:
                    return None
                end = _LINE_MAX
            self.buffer = buffer[end + 1 :]
            return self.text(buffer[:end])

    def begins(self, buffer):
        """Whether the buffer begins with data; removes the head."""
        for head in self.heads:
            if buffer.startswith(head):
                parse, take = self.heads[head]
                found = parse(buffer)
                if found:
                    self.buffer = buffer[found[0] :]
                    self.owing = found[1]
                    self.take = take
                    return True
        return False

    def text(self, data):
        """Decode a line, with "?" for invalid characters."""
        try:
            line = data.decode()
        except UnicodeError:
            line = "".join([chr(c) if 31 < c < 127 else "?" for c in data])
            self.odd = True
        line = line.strip("\r ")
        if self.trace:
            self.trace("<<", line)
        return line

    async def settle(self):
        """Discard old answers before a command."""
        left = _NOISE
        while self.uart.any() or self.stale:
            if self.stale:
                try:
                    await self.more(_QUIET_MS)
                except OSError:
                    self.stale = False
                    self.buffer = bytearray()
                    self.owing = 0
                left -= len(self.buffer)
                if left < 0:
                    raise Failure(self.name, "the modem keeps sending; check its speed")
            else:
                await self.more(0)
            while (line := self.item()) is not None:
                if self.heard:
                    self.heard(line)

    # --- commands

    async def command(self, text, ms=ANSWER_MS, done="OK", data=None, each=None):
        """Send a command, and data after the prompt; returns the lines before the final one.

        done: the final line of success, or a part of it. each: called with each line instead of keeping it. Refused if the
        modem reports an error, Silent if it does not answer within ms.
        """
        async with self.lock:
            await self.settle()
            self.odd = False
            self.stale = True  # until the end of the answer
            if self.trace:
                self.trace(">>", text)
            if text:
                await self.send(text.encode() + b"\r\n")
            if data is not None:
                await self.answer(text, ms, ">", None)
                await self.send(data)
            lines = await self.answer(text, ms, done, each)
            self.stale = False
            return lines

    async def answer(self, text, ms, done, each):
        """The lines up to the one that matches done."""
        limit = ticks_add(ticks_ms(), ms)
        lines = []
        size = 0
        spoken = False
        echo = text
        prompt = done == ">"
        while True:
            line = self.item(prompt)
            if line is None:
                left = ticks_diff(limit, ticks_ms())
                try:
                    if left <= 0:
                        raise OSError(_ETIMEDOUT)
                    await self.more(left)
                except OSError:
                    raise self.silence(text, ms, spoken)
                continue
            if line == echo:
                echo = None
                continue
            if self.heard and self.heard(line):
                continue
            spoken = True
            if line == done or (done in line and done not in _WHOLE):
                if done not in _WHOLE and not prompt:
                    lines.append(line)
                    if each:
                        each(line)
                return lines
            if line in _ERRORS or line.startswith(_MORE):
                self.stale = False
                raise Refused(self.name, text, line, lines)
            if each:
                each(line)
                continue
            lines.append(line)
            size += len(line)
            if size > _ANSWER_MAX:
                raise Failure(self.name, f"{short(text)}: answer too long")

    def silence(self, text, ms, spoken):
        """The Failure for a missing answer."""
        command = short(text)
        if self.odd:
            return Silent(self.name, f"{command}: invalid characters received; check the modem's speed")
        if spoken or self.owing or self.buffer:
            return Silent(self.name, f"{command}: incomplete answer after {ms / 1000:g} s")
        return Silent(self.name, f"{command}: no answer within {ms / 1000:g} s")

    async def listen(self, ms):
        """Wait for an unsolicited line, or data (returns None); OSError(ETIMEDOUT)."""
        limit = ticks_add(ticks_ms(), ms) if ms is not None else 0
        while True:
            async with self.lock:
                self.moved = False
                line = self.item()
                if line is not None:
                    if self.heard:
                        self.heard(line)
                    return line
                if self.moved:
                    return None
                try:
                    await self.more(_SLICE_MS)
                    continue
                except OSError:
                    pass
            if ms is not None and ticks_diff(limit, ticks_ms()) <= 0:
                raise OSError(_ETIMEDOUT)
