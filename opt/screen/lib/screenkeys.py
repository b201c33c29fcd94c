# The keys after Ctrl-A in a screen.

from base.errors import Failure
from text.visible import safe

_HELP = """Ctrl-A and then

  d  detach; the shells continue, and screen -r attaches again
  c  new window             n Space  next window     p  previous window
  0 to 9  that window       Ctrl-A   other window    w  list of windows
  k  kill this window       a  send Ctrl-A           l  redraw
  [  scroll back: arrows, PgUp, PgDn; q to return
  ?  this help
"""
_CLEAR = "\x1b[m\x1b[H\x1b[2J"


async def handle_key(client, c):
    """Run the command of a key."""
    screen = client.screen
    key = chr(c)
    if key in "dD\x04":
        screen.detach()
    elif key in "c\x03":
        try:
            screen.open()
        except Failure as e:
            show(client, str(e))
    elif key in "n \x0e":
        screen.step(1)
    elif key in "p\x10\x7f":
        screen.step(-1)
    elif key == "\x01":
        if screen.other:
            screen.choose(screen.other)
    elif key == "a":
        client.send(b"\x01")
    elif key in "l\x0c":
        await client.draw()
    elif "0" <= key <= "9":
        for window in screen.windows:
            if window.number == c - 48:
                screen.choose(window)
    elif key in "w\x17":
        show(client, "".join([line(screen, window) for window in screen.windows]))
    elif key in "k\x0b":
        show(client, f"Kill window {screen.current.number} ({screen.current.title})? [y/n]")
        client.handler = Question(client)
    elif key in "[\x1b":
        client.handler = Scrollback(client)
    elif key == "?":
        show(client, _HELP)


def line(screen, window):
    """The line of a window in the list."""
    job = window.terminal.session.foreground
    mark = "*" if window is screen.current else " "
    return f"{window.number}{mark} {job[0].name if job else window.title}\n"


def show(client, text):
    """Show a text instead of the window until a key is pressed."""

    async def back(c):
        await client.draw()

    client.hide()
    client.tty.write(_CLEAR + text)
    client.handler = back


def Question(client):  # noqa: N802
    """The handler that asks whether to kill the window."""

    async def answer(c):
        window = client.screen.current
        await client.draw()
        if c in b"yY" and window:
            await window.terminal.end()

    return answer


class Scrollback:
    """The handler that displays the kept output of a window."""

    def __init__(self, client):
        self.client = client
        self.keys = b""
        client.hide()
        text = bytes(client.screen.current.port.kept).replace(b"\r\n", b"\n")
        self.lines = plain(text).split("\n")
        self.top = max(len(self.lines) - client.tty.rows, 0)
        self.draw()

    def draw(self):
        tty = self.client.tty
        rows = max(tty.rows - 1, 1)
        self.top = max(min(self.top, len(self.lines) - rows), 0)
        shown = [line[: tty.columns - 1] for line in self.lines[self.top : self.top + rows]]
        tty.write(
            f"{_CLEAR}{chr(10).join(shown)}\x1b[{tty.rows};1H\x1b[7m{self.top + 1}/{len(self.lines)}  q: back\x1b[m"
        )

    async def __call__(self, c):
        page = max(self.client.tty.rows - 2, 1)
        self.keys = (self.keys + bytes((c,)))[-4:]
        steps = {b"k": -1, b"j": 1, b"\x1b[A": -1, b"\x1b[B": 1, b"\x02": -page, b"\x06": page, b" ": page, b"b": -page}
        steps[b"\x1b[5~"] = -page
        steps[b"\x1b[6~"] = page
        if c in b"qQ":
            return await self.client.draw()
        for keys in steps:
            if self.keys.endswith(keys) and not (len(keys) == 1 and self.keys[-2:-1] == b"["):
                self.top += steps[keys]
                self.keys = b""
                return self.draw()


def plain(text):
    """Output as plain text: without escape sequences, overwritten lines in their final form."""
    out = []
    i = 0
    size = len(text)
    part = bytearray()
    while i < size:
        c = text[i]
        i += 1
        if c == 27:
            if text[i : i + 1] == b"[":
                i += 1
                while i < size and not 64 <= text[i] < 127:
                    i += 1
            i += 1
        elif c == 8:
            part = part[:-1]
        elif c == 13:
            end = part.rfind(b"\n") + 1
            part = part[:end]
        elif c >= 32 or c == 10 or c == 9:
            part.append(c)
    out.append(part)
    try:
        return b"".join(out).decode()
    except UnicodeError:
        return safe(bytes(part))
