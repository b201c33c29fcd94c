# Screens: shells with terminals of their own that survive the loss of the user's terminal.
#
# A Screen has windows; each is a terminal whose port is the Client that displays it, or nothing. The last _KEPT bytes of
# a window's output are kept and shown when a client attaches. The keys after Ctrl-A are in screenkeys.

import asyncio

from micropython import const

from base import task_group
from base.errors import Failure
from process import cpu
from process.session import Session
from services.terminal import NetTerminal

_KEPT = const(4096)  # bytes of output for each window
_WINDOWS = const(10)
_SCREENS = const(8)
_STEP_MS = const(10)
_POKE_MS = const(60)  # time for a full-screen program to notice another size of its window
_CLEAR = "\x1b[m\x1b[?25h\x1b[r\x1b[H\x1b[2J"

screens = []  # all Screens


class Port:
    """The port of a window's terminal."""

    pending = b""
    echoes = True
    client = None  # the Client that displays this window

    def __init__(self):
        self.kept = bytearray()

    def write(self, data):
        client = self.client
        if client:
            if client.tty.full:
                return 0
            client.tty.write(data)
        kept = self.kept
        kept.extend(data)
        if len(kept) > 2 * _KEPT:
            self.kept = kept[-_KEPT:]
        return len(data)

    async def writable(self):
        """Wait until the client accepts more output."""
        while self.client and self.client.tty.full:
            await asyncio.sleep_ms(_STEP_MS)

    def tail(self):
        """The output for a client that attaches: from the last clearing of the window on, or whole lines."""
        kept = self.kept
        start = kept.rfind(b"\x1b[2J") + 4
        if start < 4:
            start = kept.find(b"\n") + 1 if len(kept) > _KEPT else 0
        return bytes(memoryview(kept)[max(start, len(kept) - _KEPT) :])


class Window:
    """A shell with its terminal."""

    def __init__(self, screen, number, command):
        from shell.login import login

        self.screen = screen
        self.number = number
        self.title = (command or "sh").split()[0].replace("'", "").rpartition("/")[2]
        self.port = Port()
        self.terminal = NetTerminal(self.port)
        self.terminal.resize(*screen.size)
        process = cpu.current
        session = Session("screen", self.terminal, screen.user)
        child = login(process, session, command)
        for stream in (child.stdin, child.stdout, child.stderr):
            stream.close()
        child.stdin = child.stdout = child.stderr = self.terminal
        self.terminal.holders = 3
        child.env = dict(process.env, STY=screen.name, WINDOW=str(number))
        for name in ("COLUMNS", "LINES"):  # the terminal knows them
            child.env.pop(name, None)
        child.shell = None
        child.ppid = 1  # it outlives this process
        self.process = child
        cpu.schedule(self.watch())

    async def watch(self):
        """Close the window when its shell ends."""
        await self.process.wait()
        await self.terminal.end()
        self.screen.remove(self)

    def full_screen(self):
        """Whether a full-screen program runs in it."""
        return self.terminal.raw and self.terminal.session.foreground is not None

    async def fit(self, tty):
        """Take the size of a client's terminal; a full-screen program redraws even if the size is unchanged."""
        terminal = self.terminal
        if self.full_screen() and (terminal.columns, terminal.rows) == (tty.columns, tty.rows):
            terminal.resize(tty.columns, max(tty.rows - 1, 1))
            await asyncio.sleep_ms(_POKE_MS)
        terminal.resize(tty.columns, tty.rows)  # which may be another one by now


class Screen:
    """Some windows, and the client that displays one of them."""

    client = None

    def __init__(self, name, user, size):
        self.name = name
        self.user = user
        self.size = size
        self.windows = []
        self.current = self.other = None

    def open(self, command=None):
        """Open a window and make it the current one."""
        used = [window.number for window in self.windows]
        free = [number for number in range(_WINDOWS) if number not in used]
        if not free:
            raise Failure("", f"a screen has at most {_WINDOWS} windows")
        window = Window(self, free[0], command)
        self.windows.append(window)
        self.windows.sort(key=number_of)
        self.choose(window)
        return window

    def choose(self, window):
        """Make a window the current one."""
        if window is not self.current:
            self.other, self.current = self.current, window
            if self.client:
                self.client.changed()

    def step(self, by):
        """Make the next or the previous window the current one."""
        at = self.windows.index(self.current)
        self.choose(self.windows[(at + by) % len(self.windows)])

    def remove(self, window):
        """Remove a window that has ended; the screen ends with the last one."""
        self.windows.remove(window)
        if self.other is window:
            self.other = None
        if not self.windows:
            screens.remove(self)
            if self.client:
                self.client.end("[screen is terminating]")
        elif self.current is window:
            self.current = None
            self.choose(self.other or self.windows[-1])
            self.other = None
        if not self.other:
            for window in self.windows:
                if window is not self.current:
                    self.other = window

    def detach(self, why="[detached]"):
        if self.client:
            self.client.end(why)


def number_of(window):
    return window.number


class Client:
    """The display of a screen: the program `screen` at its terminal."""

    handler = None  # a function that gets the keys instead: help, a question, scrollback

    def __init__(self, screen, process):
        self.screen = screen
        self.tty = process.tty
        self.done = asyncio.Event()
        self.wake = asyncio.Event()
        self.message = ""
        self.escaped = False
        self.drawing = False

    def end(self, message):
        self.message = message
        self.done.set()

    def changed(self):
        """The current window has changed."""
        self.wake.set()

    def hide(self):
        """Display no window."""
        for window in self.screen.windows:
            window.port.client = None

    async def draw(self):
        """Redraw the current window."""
        self.hide()
        window = self.screen.current
        if not window:
            return
        self.handler = None
        tty = self.tty
        tty.write(_CLEAR)
        tty.write(window.port.tail())
        window.port.client = self
        await window.fit(tty)

    async def run(self):
        """Display the screen until it is detached or the terminal is closed."""
        screen = self.screen
        screen.client = self
        self.tty.set_raw(True)
        self.wake.set()
        try:
            await task_group.until(self.done, self.keys(), self.windows())
        finally:
            self.hide()
            screen.client = None
            self.tty.set_raw(False)
            self.tty.write(_CLEAR + "\x1b[?2004l" + self.message + "\n")

    async def windows(self):
        """Redraw whenever the current window has changed."""
        while True:
            await self.wake.wait()
            self.wake.clear()
            await self.draw()

    async def keys(self):
        """Send input to the window, except for commands after Ctrl-A."""
        tty = self.tty
        while data := await tty.read():
            data = await self.handle_resize(data)
            if data:
                await self.handle_keys(data)
        self.end("")  # the terminal is closed

    async def handle_resize(self, data):
        """Apply and strip a report of the terminal's size; returns the other data."""
        start = data.find(b"\x1b[8;")
        if start < 0:
            return data
        end = data.find(b"t", start)
        if end < 0:
            return data
        self.screen.size = (self.tty.columns, self.tty.rows)
        if self.screen.current and not self.handler:
            self.screen.current.terminal.resize(*self.screen.size)
        return data[:start] + data[end + 1 :]

    async def handle_keys(self, data):
        start = 0
        for i in range(len(data)):
            c = data[i]
            if self.handler:
                start = i + 1
                await self.handler(c)
            elif self.escaped:
                start = i + 1
                self.escaped = False
                import screenkeys  # late: loaded with the first Ctrl-A

                await screenkeys.handle_key(self, c)
            elif c == 1:
                self.send(data[start:i])
                start = i + 1
                self.escaped = True
        self.send(data[start:])

    def send(self, data):
        if data and self.screen.current:
            self.screen.current.terminal.receive(data)


# --- functions of the program screen


def owned(process):
    """The screens of the user, oldest first; all of them for root."""
    user = process.session.user if process.session else "root"
    return [screen for screen in screens if user in ("root", screen.user)]


def find(process, name=None, idle=False):
    """The screen with that name or prefix; without a name, the only one. idle: it must not be attached."""
    found = [screen for screen in owned(process) if not name or screen.name == name]
    if name and not found:
        found = [screen for screen in owned(process) if screen.name.startswith(name)]
    if idle:
        free = [screen for screen in found if not screen.client]
        if found and not free:
            raise Failure(found[0].name, "already attached; use screen -d -r to take it over")
        found = free
    if not found:
        raise Failure(name or "", "no such screen" if name else "no screens")
    if len(found) > 1:
        raise Failure(name or "", "ambiguous, matches: " + " ".join([screen.name for screen in found]))
    return found[0]


def new(process, name, command):
    """A new Screen with a window."""
    if len(screens) >= _SCREENS:
        raise Failure("", f"at most {_SCREENS} screens")
    tty = process.tty
    taken = [screen.name for screen in screens]
    number = 1
    while not name and f"screen{number}" in taken:
        number += 1
    name = name or f"screen{number}"
    if name in taken:
        raise Failure(name, "name already in use")
    user = process.session.user if process.session else "root"
    screen = Screen(name, user, (tty.columns, tty.rows) if tty else (80, 24))
    screen.open(command)
    screens.append(screen)
    return screen


def need_tty(process):
    if not process.tty or not process.stdin.isatty():
        raise Failure("", "must be run from a terminal")


async def attach(process, screen):
    """Display a screen at the terminal of a process until it is detached."""
    need_tty(process)
    if process.getenv("STY"):
        raise Failure(screen.name, "already inside a screen; detach with Ctrl-A d first")
    await Client(screen, process).run()
