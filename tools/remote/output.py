"""The output of a verb: text for people or one JSON document for scripts, and a progress bar on a terminal."""

import json
import os
import sys
import time

BAR = 24  # characters
EVERY = 0.1  # seconds between two pictures of the bar


class Output:
    """Where a verb writes. With --json only result() and failed() reach standard output."""

    def __init__(self, as_json=False, quiet=False):
        self.json = as_json
        self.quiet = quiet
        self.told = False

    def say(self, text=""):
        """A line of the answer."""
        if not self.json:
            sys.stdout.write(text + "\n")

    def remark(self, text):
        """A line about what happens, on standard error."""
        if not self.json and not self.quiet:
            sys.stderr.write(text + "\n")
            sys.stderr.flush()

    def warn(self, text):
        """Something that the user should know of, whatever the options."""
        sys.stderr.write("diatom: %s\n" % text)
        sys.stderr.flush()

    def result(self, value):
        """The result as data; printed with --json only."""
        if self.json:
            self.told = True
            json.dump(value, sys.stdout, indent=1, sort_keys=True)
            sys.stdout.write("\n")
            sys.stdout.flush()

    def failed(self, text):
        """The verb has failed."""
        if self.json and not self.told:
            self.result({"error": text})

    def bar(self, label, total):
        """A progress bar for so many bytes; nothing where nobody would see it."""
        shown = not self.json and not self.quiet and sys.stderr.isatty()
        return Bar(label, total) if shown else Silence()

    def close(self):
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Silence:
    """A bar that is not shown."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def advance(self, count):
        """So many bytes more."""

    def name(self, text):
        """What is being done now."""


class Bar(Silence):
    """A line that is drawn over itself: label, bar, per cent, speed, what is being done."""

    def __init__(self, label, total):
        self.label = label
        self.total = max(total, 1)
        self.done = 0
        self.text = ""
        self.begun = time.monotonic()
        self.drawn = 0.0

    def __exit__(self, *_):
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()

    def advance(self, count):
        self.done += count
        self.draw()

    def name(self, text):
        self.text = text
        self.draw()

    def draw(self):
        now = time.monotonic()
        if now - self.drawn < EVERY:
            return
        self.drawn = now
        part = min(self.done / self.total, 1)
        full = int(part * BAR)
        speed = size(self.done / max(now - self.begun, 0.001)) + "/s"
        line = "%s [%s%s] %3d%% %8s  %s" % (self.label, "#" * full, "." * (BAR - full), part * 100, speed, self.text)
        sys.stderr.write("\r" + line[: os.get_terminal_size(sys.stderr.fileno()).columns - 1] + "\x1b[K")
        sys.stderr.flush()


def size(count):
    """Bytes for people: 512 B, 3.4 kB, 12 MB."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return ("%.0f %s" if unit == "B" or count >= 9.95 else "%.1f %s") % (count, unit)
        count /= 1000
