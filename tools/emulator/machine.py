"""An emulated board as a process of Node.js: its serial line, and requests about it (chip/main.mjs)."""

import base64
import json
import os
import re
import shutil
import socket
import subprocess
from typing import NamedTuple

from simulator import libraries

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "chip", "main.mjs")
NODE_VERSION = 18  # the least: rp2040js says so
START_TIMEOUT = 60  # seconds, on a busy computer


class EmulatorError(Exception):
    """The board cannot run, or misbehaved; the text says why."""


class Answer(NamedTuple):
    """The result of an exchange: output as text, whether the pattern was found, the cost."""

    output: str
    matched: bool
    ms: float  # of the board's time
    stack: int  # bytes, the deepest


def node():
    """The path of Node.js. EmulatorError where there is none that is new enough."""
    path = shutil.which("node") or shutil.which("nodejs")
    if not path:
        raise EmulatorError("Node.js is needed (Debian and Ubuntu: apt install nodejs)")
    version = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
    found = re.match(r"v(\d+)", version)
    if not found or int(found[1]) < NODE_VERSION:
        raise EmulatorError("%s: Node.js %d or newer is needed, this is %s" % (path, NODE_VERSION, version.strip()))
    return path


class Machine:
    """A board with power. held: time stands still for it, except during exchange()."""

    def __init__(self, flash, images=(), held=False, verbose=False):
        try:
            place = libraries.tool("rp2040js")
        except libraries.LibraryError as e:
            raise EmulatorError("rp2040js: %s" % e) from None
        self.serial, line = socket.socketpair()
        mine, control = socket.socketpair()
        options = {"flash": str(flash), "images": [str(image) for image in images], "hold": held, "verbose": verbose}
        options.update(line=line.fileno(), control=control.fileno())
        self.process = subprocess.Popen(
            [node(), PROGRAM, json.dumps(options)],
            env={**os.environ, "RP2040JS": place},
            pass_fds=(line.fileno(), control.fileno()),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        line.close()
        control.close()
        mine.settimeout(START_TIMEOUT)
        self._control = mine
        self._answers = mine.makefile("r")
        try:
            self._answer()  # power is on
        except EmulatorError:
            self.close()
            raise
        mine.settimeout(None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Pull the plug."""
        self.process.kill()
        self.process.wait()
        self._answers.close()
        self._control.close()
        self.serial.close()

    def request(self, name, **values):
        """Ask chip/main.mjs; returns its answer as a dict."""
        try:
            self._control.sendall(json.dumps({"request": name, **values}).encode() + b"\n")
        except OSError:
            raise EmulatorError("the board has ended") from None
        return self._answer()

    def _answer(self):
        try:
            line = self._answers.readline()
        except OSError:
            line = ""
        if not line:
            raise EmulatorError("the board has ended")
        answer = json.loads(line)
        if "error" in answer:
            raise EmulatorError(answer["error"])
        return answer

    def exchange(self, text="", until=None, seconds=10):
        """Type a text, and run until the output matches a regular expression, for at most so many seconds of the board."""
        sent = base64.b64encode(text.encode()).decode()
        got = self.request("exchange", send=sent, until=until, seconds=seconds)
        output = base64.b64decode(got["output"]).decode(errors="replace")
        return Answer(output, got["matched"], got["nanos"] / 1e6, got["stack"])

    def expect(self, text, until, seconds=10):
        """exchange() that must find its pattern."""
        answer = self.exchange(text, until, seconds)
        if not answer.matched:
            raise EmulatorError("%r was not followed by %r: %r" % (text, until, answer.output[-400:]))
        return answer

    def heap(self):
        """size, used, live (used after a collection), largest (free piece then), in bytes; asking changes nothing."""
        return self.request("heap")

    def names(self):
        """names: how many MicroPython has interned; firmware: how many came with it."""
        return self.request("names")

    def frames(self):
        """[(bytes of stack, function, file)] of the deepest moment of the last exchange; EmulatorError below 5 kB."""
        return [tuple(frame) for frame in self.request("frames")["frames"]]

    def figures(self):
        """nanos, erased (sectors), programmed (pages), resets, stack (the deepest since the last time), ended."""
        return self.request("figures")
