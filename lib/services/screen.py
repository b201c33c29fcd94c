# Screens: shells with terminals of their own, that go on when whoever looks at them has gone.
#
# A Screen has windows; each is a terminal whose port is the Client that shows it, or nobody. What a window says is kept,
# its last _KEPT bytes: it is what a client sees first. The keys behind Ctrl-A are in services.screenkeys.

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
_POKE_MS = const(60)  # for a full-screen program, to see that its window has another size
_CLEAR = "\x1b[m\x1b[?25h\x1b[r\x1b[H\x1b[2J"

screens = []  # those that there are


class Port:
    """What the terminal of a window has for a line."""

    pending = b""
    echoes = True
    client = None  # who shows this window now

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
        """Wait until the client takes more."""
        while self.client and self.client.tty.full:
            await asyncio.sleep_ms(_STEP_MS)

    def tail(self):
        """What a client is shown first: from the last clearing of the window on, or whole lines."""
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
        child.ppid = 1  # it is nobody's who may go
        self.process = child
        cpu.schedule(self.watch())

    async def watch(self):
        """When the shell ends, so does the window."""
        await self.process.wait()
        await self.terminal.end()
        self.screen.forget(self)

    def full_screen(self):
        """Whether a program has the whole of it, and not the shell."""
        return self.terminal.raw and self.terminal.session.foreground is not None

    async def fit(self, columns, rows, again):
        """Give it a size; with again, a full-screen program draws itself anew even where it has that size already."""
        terminal = self.terminal
        if again and self.full_screen() and (terminal.columns, terminal.rows) == (columns, rows):
            terminal.resize(columns, max(rows - 1, 1))
            await asyncio.sleep_ms(_POKE_MS)
        terminal.resize(columns, rows)


class Screen:
    """Windows, and who looks at one of them."""

    client = None

    def __init__(self, name, user, size):
        self.name = name
        self.user = user
        self.size = size
        self.windows = []
        self.current = self.other = None

    def open(self, command=None):
        """One more window, which is the current one."""
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
        """The next window, or the one before."""
        at = self.windows.index(self.current)
        self.choose(self.windows[(at + by) % len(self.windows)])

    def forget(self, window):
        """A window has ended; the screen ends with the last one."""
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
    """Who shows a screen: the program `screen`, at its terminal."""

    handler = None  # takes the keys instead: help, a question, what has been said before

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
        """Another window is the current one."""
        self.wake.set()

    def hide(self):
        """No window is shown."""
        for window in self.screen.windows:
            window.port.client = None

    async def draw(self):
        """Show the current window from the beginning."""
        self.hide()
        window = self.screen.current
        if not window:
            return
        self.handler = None
        tty = self.tty
        tty.write(_CLEAR)
        tty.write(window.port.tail())
        window.port.client = self
        await window.fit(tty.columns, tty.rows, True)

    async def run(self):
        """Until the terminal has gone, or somebody detaches."""
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
        """Draw when another window is to be shown."""
        while True:
            await self.wake.wait()
            self.wake.clear()
            await self.draw()

    async def keys(self):
        """What is typed goes to the window, but for what stands behind Ctrl-A."""
        tty = self.tty
        while data := await tty.read():
            data = await self.sized(data)
            if data:
                await self.typed(data)
        self.end("")  # the line has gone

    async def sized(self, data):
        """The terminal has told another size: data without that."""
        start = data.find(b"\x1b[8;")
        if start < 0:
            return data
        end = data.find(b"t", start)
        if end < 0:
            return data
        self.screen.size = (self.tty.columns, self.tty.rows)
        if self.screen.current and not self.handler:
            await self.screen.current.fit(*self.screen.size, False)
        return data[:start] + data[end + 1 :]

    async def typed(self, data):
        start = 0
        for i in range(len(data)):
            c = data[i]
            if self.handler:
                start = i + 1
                await self.handler(c)
            elif self.escaped:
                start = i + 1
                self.escaped = False
                from services import screenkeys  # late: with the first Ctrl-A

                await screenkeys.obey(self, c)
            elif c == 1:
                self.give(data[start:i])
                start = i + 1
                self.escaped = True
        self.give(data[start:])

    def give(self, data):
        if data and self.screen.current:
            self.screen.current.terminal.receive(data)


# --- what the program screen does


def mine(process):
    """The screens of the user, oldest first; root's are all."""
    user = process.session.user if process.session else "root"
    return [screen for screen in screens if user in ("root", screen.user)]


def find(process, name=None, idle=False):
    """A screen by its name, or by its beginning; without a name the only one there is. idle: nobody may look at it."""
    found = [screen for screen in mine(process) if not name or screen.name == name]
    if name and not found:
        found = [screen for screen in mine(process) if screen.name.startswith(name)]
    if idle:
        free = [screen for screen in found if not screen.client]
        if found and not free:
            raise Failure(found[0].name, "is attached elsewhere: screen -d -r takes it over")
        found = free
    if not found:
        raise Failure(name or "", "there is no such screen" if name else "there is no screen")
    if len(found) > 1:
        raise Failure(name or "", "which one? " + " ".join([screen.name for screen in found]))
    return found[0]


def new(process, name, command):
    """A new Screen with a window."""
    if len(screens) >= _SCREENS:
        raise Failure("", f"there are {_SCREENS} screens already")
    tty = process.tty
    taken = [screen.name for screen in screens]
    number = 1
    while not name and f"screen{number}" in taken:
        number += 1
    name = name or f"screen{number}"
    if name in taken:
        raise Failure(name, "there is a screen of that name")
    user = process.session.user if process.session else "root"
    screen = Screen(name, user, (tty.columns, tty.rows) if tty else (80, 24))
    screen.open(command)
    screens.append(screen)
    return screen


def need_tty(process):
    if not process.tty or not process.stdin.isatty():
        raise Failure("", "this needs a terminal")


async def attach(process, screen):
    """Show a screen at the terminal of a process, until it is detached."""
    need_tty(process)
    if process.getenv("STY"):
        raise Failure(screen.name, "this is a window of a screen already: Ctrl-A d first")
    await Client(screen, process).run()
