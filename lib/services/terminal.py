# A terminal on a network connection: telnet, or any port with
#
#   async read()       received bytes, b"" at the end                write(data)   returns the number of bytes accepted
#   pending            True while accepted bytes have not been sent
#   async writable()   wait until more can be sent                   echoes        True if we echo
#
# It differs from the console in its pending output: a flush waits for the network, not for the clock, and services.stream
# drops a peer that accepts nothing. A synchronous function that keeps writing is blocked alone, for a limited time.

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from process import cpu
from process import process as processes
from process.terminal import Terminal

_OUTPUT_MAX = const(1024)  # as in process.terminal
_OUTPUT_MOST = const(16384)
_PATIENCE_MS = const(2000)  # how long a synchronous function waits for a stalled peer; then output is lost
_GRACE_MS = const(2000)  # how long a session may take to end after a hang-up
_STEP_MS = const(20)
_PIECE = const(512)  # bytes sent at a time
_HUP = const(1)
_KILL = const(9)


class NetPort:
    """The output of a port: pending bytes, then those of the protocol itself, then the terminal's output.

    Subclasses define urgent(), pack() and lost().
    """

    connection = None  # None: not connected
    terminal = None
    waiting = b""  # bytes that are not completely sent

    def urgent(self):
        """Remove and return the bytes of the protocol itself; empty if there are none."""

    def pack(self, piece):
        """Encode a piece of the output into `waiting`; returns how much of it was encoded."""

    def lost(self, taken, data):
        """The peer has disconnected; returns how much of data counts as written."""

    def write(self, data):
        """Send what the network accepts; returns the number of bytes of data accepted."""
        connection = self.connection
        if not connection:
            return 0
        taken = 0
        try:
            while True:
                if not self.waiting:
                    self.waiting = self.urgent()
                    if not self.waiting:
                        if taken >= len(data):
                            break
                        taken += self.pack(data[taken : taken + _PIECE])
                count = connection.push(self.waiting)
                self.waiting = self.waiting[count:]
                if self.waiting:
                    break
        except OSError:
            return self.lost(taken, data)
        connection.stalled = len(self.waiting) > 0
        if self.waiting:
            self.terminal.kick()
        return taken


class NetTerminal(Terminal):
    """A Terminal on a network port."""

    lossy = False  # a synchronous function has waited for _PATIENCE_MS
    typing = False  # input is being handled, which must not wait for its echo
    shown = True  # the program wants input to be echoed

    @property
    def echo(self):
        """Whether input must be echoed here."""
        return self.shown and self.port.echoes

    @echo.setter
    def echo(self, shown):
        self.shown = shown

    def receive(self, data):
        self.typing = True
        try:
            super().receive(data)
        finally:
            self.typing = False

    def press(self):
        if self.typing or self.lossy or cpu.current.pid == 1:
            self.out = self.out[:_OUTPUT_MOST]
            return
        self.full = True
        self.kick()
        try:
            cpu.block(self.wait_writable())
        except OSError:  # too many are blocked already
            self.lossy = True

    async def wait_writable(self):
        """Wait until the buffer has space, or until the peer has accepted nothing for a while."""
        limit = ticks_add(ticks_ms(), _PATIENCE_MS)
        left = len(self.out)
        while self.full and not self.gone:
            await asyncio.sleep_ms(_STEP_MS)
            if len(self.out) < left:
                left = len(self.out)
                limit = ticks_add(ticks_ms(), _PATIENCE_MS)
            elif ticks_diff(ticks_ms(), limit) > 0:
                self.lossy = True
                return

    def back(self):
        return False

    def kick(self):
        """Start the flush unless it runs."""
        if not self.flusher and not self.gone:
            self.room.clear()
            self.flusher = cpu.schedule(self.flush())

    async def flush(self):
        port = self.port
        while (self.out or port.pending) and not self.gone:
            try:
                await port.writable()
                count = port.write(self.out)
                if count:
                    self.sent(count)
                    self.lossy = False
            except MemoryError:  # the next time may find some
                await asyncio.sleep_ms(_STEP_MS)
            except OSError:
                self.disconnect()
            if self.full and len(self.out) < _OUTPUT_MAX:
                self.full = False
                self.room.set()
        self.flusher = None
        self.room.set()

    def disconnect(self):
        """The peer has disconnected: readers get the end of file, output is discarded."""
        self.gone = self.hungup = True
        self.full = False
        self.out = bytearray()
        self.input = bytearray()
        self.ready.set()
        self.room.set()

    async def end(self):
        """Hang up: send HUP to all processes of the terminal, and KILL to those that remain."""
        while True:
            try:
                self.disconnect()
                break
            except MemoryError:  # other processes will end
                await asyncio.sleep_ms(_STEP_MS)
        if self.flusher:
            self.flusher.cancel()
        signal = _HUP
        limit = ticks_add(ticks_ms(), _GRACE_MS)
        while True:
            left = False
            for process in list(processes.table.values()):
                if process.status is None and process.session and process.session.terminal is self:
                    left = True
                    if signal:
                        try:
                            process.kill(signal)
                        except MemoryError:  # too little even for the module with the signals
                            process.cancel()
            if not left or (signal == _KILL):
                return
            signal = 0
            if ticks_diff(ticks_ms(), limit) > 0:
                signal = _KILL
            await asyncio.sleep_ms(_STEP_MS)
