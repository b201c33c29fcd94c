# A terminal whose other end is on the network: telnet, and whoever else has a port with these:
#
#   async read()       the bytes that have come, b"" at the end      write(data)   how many bytes were taken
#   pending            True while something that was taken has not been sent
#   async writable()   wait until more can be sent                   echoes        the other end leaves the echo to us
#
# It differs from the console in what it does with output that waits: the flush waits for the network and not for the
# clock, and whoever watches the connection (services.stream) decides when a peer that takes nothing is dropped. A plain
# function that writes on and on is held up alone, while everybody else runs, and only for a while.

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from process import cpu
from process import process as processes
from process.terminal import Terminal

_OUTPUT_MAX = const(1024)  # as in process.terminal
_OUTPUT_MOST = const(16384)
_PATIENCE_MS = const(2000)  # how long a plain function waits for a peer that takes nothing; then output is lost
_GRACE_MS = const(2000)  # what a session may take to end when its terminal has gone
_STEP_MS = const(20)
_PIECE = const(512)  # bytes sent at a time
_HUP = const(1)
_KILL = const(9)


class NetPort:
    """A port's output: what waits, what the protocol itself has to say, and then what the terminal shows.

    Who has one makes urgent(), pack() and lost().
    """

    connection = None  # None: nobody is there now
    terminal = None
    waiting = b""  # bytes of which the network has taken a part, or nothing yet

    def urgent(self):
        """Take what the protocol has to say, as bytes; empty where that is nothing."""

    def pack(self, piece):
        """Put a piece of the output into `waiting` as the protocol has it; returns how much of it that was."""

    def lost(self, taken, data):
        """The peer has gone; returns how much of data is not to be given again."""

    def write(self, data):
        """Send what the network takes; returns how many bytes of data that was."""
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
    """A Terminal on a port of the network."""

    lossy = False  # a plain function has waited long enough
    typing = False  # input is being taken, which may not wait for its echo
    shown = True  # a program wants what is typed to be seen

    @property
    def echo(self):
        """Whether what is typed has to be echoed here."""
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
            cpu.block(self.patience())
        except OSError:  # too many wait already
            self.lossy = True

    async def patience(self):
        """Wait until there is room, or until the peer has taken nothing for a while."""
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
        """Something waits to be sent: see that it is."""
        if not self.flusher and not self.gone:
            self.room.clear()
            self.flusher = cpu.schedule(self.flush())

    async def flush(self):
        port = self.port
        try:
            while (self.out or port.pending) and not self.gone:
                await port.writable()
                count = port.write(self.out)
                if count:
                    self.out = self.out[count:]
                    self.lossy = False
                if self.full and len(self.out) < _OUTPUT_MAX:
                    self.full = False
                    self.room.set()
        except OSError:
            self.leave()
        self.flusher = None
        self.room.set()

    def leave(self):
        """The peer has gone: readers are at the end, writers write into nothing."""
        self.gone = self.hungup = True
        self.full = False
        self.out = bytearray()
        self.input = bytearray()
        self.ready.set()
        self.room.set()

    async def end(self):
        """Hang up: all processes of the terminal are told, and those that stay are ended."""
        while True:
            try:
                self.leave()
                break
            except MemoryError:  # somebody is about to end, or to be ended
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
                        process.kill(signal)
            if not left or (signal == _KILL):
                return
            signal = 0
            if ticks_diff(ticks_ms(), limit) > 0:
                signal = _KILL
            await asyncio.sleep_ms(_STEP_MS)
