# The key commands of less and more.

import asyncio

from base.errors import Usage
from process import cpu
from program import inputs, status

FOLLOW_MS = 300
ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"  # alternate screen on, off

FORWARD = (" ", "f", "\x06", "pgdn", "z", "\x16")
BACKWARD = ("b", "\x02", "pgup", "w")


async def main(opts, files, first, brief=False, rows=0):
    """Show files. first: initial command; brief: behave as more, which stops at the end and leaves the text on the screen."""
    proc = cpu.current
    tty = proc.tty
    if not proc.stdout.isatty() or not tty:
        for _, stream in inputs(files):
            stream = Squeezed(stream) if "s" in opts else stream
            while data := await stream.read():
                proc.stdout.write(data)
        return status()
    if not files and proc.stdin.isatty():
        raise Usage("missing FILE")
    await browse(tty, files or ["-"], opts, first, brief, rows)
    return status()


async def browse(tty, files, opts, first, brief, rows):
    """Show files until the user quits."""
    from process.keys import Keys  # late: only on a terminal

    keys = Keys(tty)
    tty.set_raw(True)
    if not brief:
        tty.write(ENTER)
    step = 0
    shown = ""
    try:
        while 0 <= step < len(files):
            here = step
            for _, stream in inputs([files[here]]):
                stream = Squeezed(stream) if "s" in opts else stream
                screen = Screen(stream, files[here], tty, keys, opts)
                screen.view.most = rows
                if brief:
                    screen.brief = 2 if here + 1 == len(files) else 1
                    screen.quit = screen.brief == 2
                try:
                    step += await screen.run(first)
                    shown = screen.left
                finally:
                    screen.view.source.close()
            if step == here:
                if status() and here + 1 < len(files):
                    step += 1
                    continue
                break
            step = max(min(step, len(files) - 1), 0)
            first = ""
    finally:
        if tty.set_raw(False):
            tty.write("\r\x1b[K" + ("" if brief else LEAVE) + shown)
            keys.give_back()


class Squeezed:
    """Squeezes repeated blank lines of a stream into one."""

    def __init__(self, stream):
        self.stream = stream
        self.ends = 1  # preceding newlines; the start of the text counts as one

    async def read(self):
        while data := await self.stream.read():
            parts = []
            at = 0
            while at < len(data):
                if data[at] == 10:
                    self.ends += 1
                    if self.ends <= 2:
                        parts.append(b"\n")
                    at += 1
                    continue
                end = data.find(b"\n", at)
                end = len(data) if end < 0 else end
                parts.append(data[at:end])
                self.ends = 0
                at = end
            if parts:
                return b"".join(parts)
        return b""


class Screen:
    """Reads keys and runs their commands."""

    def __init__(self, stream, name, tty, keys, opts):
        from less.source import Source  # late: only on a terminal
        from less.view import View

        self.view = View(Source(name if name != "-" else "(standard input)", stream), tty, opts)
        self.view.source.path = name if name != "-" else None
        self.keys = keys
        self.tty = tty
        self.left = ""  # text to leave on the screen after quitting
        self.quit = "F" in opts
        self.brief = 0  # as more; 1: at the end go to the next file, 2: quit

    async def run(self, first):
        """Handle keys. Return 0 to quit, 1 for the next file, -1 for the previous one."""
        view = self.view
        if self.quit and not await view.source.has(view.height) and view.source.whole:
            await view.place()
            if await view.at_end():
                for number in range(view.source.count):
                    self.left += "\r\n".join(await view.rows(number)) + "\r\n"
                return 0
        if self.brief:
            self.tty.write("\r\n" * (self.tty.rows - 1))  # scroll up what is on the screen
        if first:
            await self.begin(first)
        number = ""
        while True:
            await view.draw()
            if self.brief == 2 and await view.at_end():
                return 0
            key = await self.keys.key()
            if self.brief and (key in FORWARD or key in ("\r", "\n", "j")) and await view.at_end():
                return 1
            if key is None or key in ("q", "Q", "\x03"):
                return 0
            if len(key) == 1 and key.isdigit():
                number += key
                view.message = ":" + number
                continue
            if key == "resize":
                view.row = 0  # the line may have fewer rows now
                continue
            if key == "\x1a":
                from process.suspend import suspend  # late: only for Ctrl-Z

                await suspend(self.tty, "\r\x1b[K" + ("" if self.brief else LEAVE), "" if self.brief else ENTER)
                continue
            count = int(number) if number else 0
            number = ""
            if key == ":":
                key = await self.keys.key()
                if key in ("n", "p"):
                    return 1 if key == "n" else -1
                if key in ("q", "Q"):
                    return 0
            elif not await self.move(key, count):
                await self.command(key, count)

    async def begin(self, first):
        """Run the command given on the command line."""
        view = self.view
        if first[0] == "/":
            view.set_pattern(first[1:])
            view.line = -1
            if not await view.search(False):
                view.line = 0
                view.message = "Pattern not found"
        elif first.isdigit():
            await view.to_line(int(first) - 1)
        elif not await self.move(first, 0):
            await self.command(first, 0)

    async def move(self, key, count):
        """Move, if the key is a movement."""
        view = self.view
        if key in FORWARD:
            await view.forward(count or view.height)
        elif key in BACKWARD:
            await view.backward(count or view.height)
        elif key in ("j", "e", "\r", "\n", "down", "\x0e"):
            await view.forward(count or 1)
        elif key in ("k", "y", "up", "\x10"):
            await view.backward(count or 1)
        elif key in ("d", "\x04"):
            await view.forward(count or view.height // 2)
        elif key in ("u", "\x15"):
            await view.backward(count or view.height // 2)
        elif key in ("g", "<", "home"):
            await view.to_line(max(count - 1, 0))
        elif key in ("G", ">", "end"):
            await (view.to_line(count - 1) if count else view.to_end())
        elif key in ("p", "%"):
            await view.source.end()
            await view.to_line(view.source.count * min(count, 100) // 100)
        elif key in ("right", "left"):
            view.shift = max(view.shift + (1 if key == "right" else -1) * self.tty.columns // 2, 0) if view.chop else 0
        else:
            return False
        return True

    async def command(self, key, count):
        view = self.view
        if key in ("/", "?"):
            text = await self.ask(key)
            if text is None:
                return
            try:
                view.set_pattern(text)
            except Exception as e:
                view.message = str(e)
                return
            view.backwards = key == "?"
            await self.search(view.backwards)
        elif key in ("n", "N"):
            await self.search(view.backwards != (key == "N"))
        elif key == "F":
            await self.follow()
        elif key == "-":
            letter = await self.keys.key()
            if letter == "N":
                view.numbers = not view.numbers
            elif letter == "S":
                view.chop = not view.chop
                view.row = view.shift = 0
            elif letter in ("i", "I"):
                view.fold = not view.fold
        elif key in ("r", "R", "\x0c"):
            self.keys.ask_size()
        elif key == "=":
            await view.source.end()
            view.message = f"{view.source.name}: {view.source.count} lines, {view.source.size} bytes"
        elif key in ("h", "H"):
            view.message = "space b d u j k g G /text n N F q (man less)"

    async def search(self, backwards):
        if not await self.view.search(backwards):
            self.view.message = "Pattern not found"

    async def ask(self, prompt):
        """Read a line at the bottom of the screen, or return None if it is cancelled."""
        text = ""
        while True:
            self.tty.write(f"\r{prompt}{text}\x1b[K")
            key = await self.keys.key()
            if key in ("\r", "\n"):
                return text
            if key is None or key in ("\x03", "\x1b") or (key in ("\x7f", "\b") and not text):
                return None
            if key in ("\x7f", "\b"):
                text = text[:-1]
            elif len(key) == 1 and key >= " ":
                text += key

    async def follow(self):
        """Show data as it is appended, until a key is pressed."""
        view = self.view
        while True:
            await view.to_end()
            view.message = "Waiting for data... (a key ends this)"
            await view.draw()
            while True:
                try:
                    await asyncio.wait_for_ms(self.keys.key(), FOLLOW_MS)
                    return
                except asyncio.TimeoutError:
                    if not view.source.stream and view.source.refresh():
                        break
