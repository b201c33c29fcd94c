# The lines of atmodem and of its script files: reset, uart, sleep, echo, or a command for the modem.

import asyncio
from time import ticks_diff, ticks_ms

import modem
from base.errors import Failure, Usage, reason

_SECONDS = 2  # the default timeout of a command


def words_of(line):
    """Split a line at blanks outside double quotes, which stay. " #" begins a comment."""
    found = []
    word = ""
    quoted = False
    escaped = False
    for c in line:
        if c == "#" and not quoted and not word:
            break
        if c in " \t\r\n" and not quoted:
            if word:
                found.append(word)
            word = ""
            continue
        if c == '"' and not escaped:
            quoted = not quoted
        escaped = c == "\\" and not escaped
        word += c
    if quoted:
        raise Usage("unmatched quote", line.strip())
    if word:
        found.append(word)
    return found


def whole(text, what):
    """Convert text to an int; Usage if it is invalid."""
    if not text.isdigit():
        raise Usage(f"invalid {what}", text)
    return int(text)


def seconds(text):
    try:
        value = float(text)
        if 0 <= value < 86400:
            return value
    except ValueError:
        pass
    raise Usage("invalid number of seconds", text)


class Runner:
    """Runs lines for a process."""

    def __init__(self, process, name=modem.NAME, verbose=False, timing=False):
        self.process = process
        self.name = name
        self.verbose = verbose
        self.timing = timing
        self.failed = 0

    def say(self, text):
        self.process.stdout.write(text + "\n")

    def trace(self, mark, text):
        self.say(f"{mark} {text}")

    async def do(self, words, shown=True):
        """Run a line. shown: print the answer of the modem even if not verbose."""
        verb = words[0].lower()
        if verb in ("reset", "-r"):
            if len(words) < 3:
                raise Usage("reset: expected GPIO and SECONDS")
            await self.reset(whole(words[1], "GPIO"), seconds(words[2]))
        elif verb in ("uart", "-c"):
            self.uart(words[1:])
        elif verb == "sleep":
            if len(words) < 2:
                raise Usage("sleep: missing SECONDS")
            if self.verbose:
                self.say(f"** Waiting {words[1]}sec\n")
            await asyncio.sleep_ms(int(seconds(words[1]) * 1000))
        elif verb == "echo":
            self.say(" ".join([self.value(word) for word in words[1:]]))
        else:
            await self.command(words, shown)

    def value(self, word):
        """A word of echo, with $NAME expanded."""
        if word[:1] != "$" or len(word) == 1:
            return word
        value = self.process.getenv(word[1:])
        return "" if value is None else str(value)

    async def reset(self, pin, wait):
        from modem import line

        if self.verbose:
            self.process.stdout.write("** Resetting Modem...")
        await line.reset(pin, wait)
        if self.verbose:
            self.say(", Ready")

    def uart(self, words):
        from modem import line

        if len(words) < 4:
            raise Usage("uart: expected UART, BAUD, TX and RX")
        what = ("UART", "speed", "TX", "RX")
        number, baud, tx, rx = [whole(words[i], what[i]) for i in range(4)]
        if len(words) > 4:
            self.name = words[4]
        rts = cts = 0
        flow = "off"
        if len(words) > 7:
            rts, cts, flow = whole(words[5], "RTS"), whole(words[6], "CTS"), words[7]
        line.create(number, baud, tx, rx, self.name, rts, cts, flow)
        if self.verbose:
            self.say(f"UART {number} created as {self.name}")

    async def command(self, words, shown):
        """COMMAND [SECONDS [EXPECTED]]"""
        for word in ("-v", "-tm"):
            if word in words[1:]:
                words = [w for w in words if w != word]
                if word == "-v":
                    self.verbose = True
                else:
                    self.timing = True
        limit = seconds(words[1]) if len(words) > 1 else _SECONDS
        expected = " ".join(words[2:]) or "OK"
        channel = modem.get(self.name).channel
        begun = ticks_ms()
        channel.trace = self.trace if self.verbose else None
        try:
            each = self.say if shown and not self.verbose else ignore
            await channel.command(words[0], int(limit * 1000), expected, each=each)
        finally:
            channel.trace = None
            if self.timing:
                self.say(f"** Cmd: {words[0]}: Time: {ticks_diff(ticks_ms(), begun)}ms\n")

    async def file(self, path):
        """Run a script; errors of a line are reported, and the next lines run."""
        number = 0
        try:
            file = open(path)
        except OSError as e:
            raise Failure(path, reason(e))
        with file:
            for text in file:
                number += 1
                try:
                    words = words_of(text)
                    if words:
                        await self.do(words, False)
                except (Failure, OSError) as e:
                    self.process.complain(f"{path}:{number}", e)
                    self.failed = 1


def ignore(line):
    """Discard an answer."""
