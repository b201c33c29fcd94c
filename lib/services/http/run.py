# The API's commands: a shell line in a session of its own, with its output sent as it arrives.
# Apart from processes, and metrics from system: together they save 0.5 kB with the dashboard open.

import json

from micropython import const

from base import users
from base.paths import isdir, normal
from process import cpu
from process import process as processes
from process.pipe import Pipe
from process.session import Session, signal_tree
from process.stream import Stream
from services.http.api import body
from services.http.protocol import HTTPError

_LINE_MAX = const(4096)  # bytes of a command
_KEPT_MAX = const(8192)  # bytes of output that output_of() returns
_HUP = const(1)


def start(request, command, path, asked=None):
    """Start a command; returns (its Process, the reader of its output). asked: what the user wanted instead of it."""
    from services import sessions  # late: with the first command
    from shell import login

    name = request.login.name
    user = users.find(name) or users.User(name)
    pipe = Pipe()
    process = login.login(processes.get(1), Session("web", None, name), command)
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()
    process.stdin = Stream()
    process.stdout = pipe.writer
    process.stderr = pipe.writer.dup()
    process.ppid = cpu.current.pid  # who waits for it
    process.env = sessions.environment(process.env, user)
    if asked is not None:
        process.env[sessions.ORIGINAL] = asked
    process.cwd = path or sessions.home(user)
    return process, pipe.reader


class Output:
    """The body of an answer: lines of JSON, {"output": "text"} and at the end {"status": 0}.

    A next() without memory can be repeated.
    """

    def __init__(self, process, reader):
        self.process = process
        self.reader = reader
        self.data = b""  # read, not sent yet
        self.rest = b""  # the beginning of a character

    async def next(self):
        if not self.process:
            return b""
        while data := self.data or await self.reader.read():
            self.data = data
            data = self.rest + data
            end = len(data)  # a character of UTF-8 is not cut in two
            while end and len(data) - end < 3 and data[end - 1] & 0xC0 == 0x80:
                end -= 1
            if end and data[end - 1] >= 0xC0:
                end -= 1
            else:
                end = len(data)
            text = line({"output": readable(data[:end])}) if end else b""
            self.rest = data[end:]
            self.data = b""
            if end:
                return text
        found = {"status": await self.process.wait()}
        if self.rest:
            found["output"] = readable(self.rest)
        text = line(found)
        self.process = None
        return text

    def close(self):
        """The command has ended, or ends because the client has disconnected."""
        self.reader.close()
        if self.process:
            self.process.ppid = 1
            signal_tree(self.process, _HUP)


def line(found):
    return (json.dumps(found) + "\n").encode()


def readable(data):
    """Bytes as text; invalid UTF-8 becomes one character for each byte."""
    try:
        return data.decode()
    except UnicodeError:
        return "".join([chr(c) for c in data])


def post_run(request, rest):
    """{"command": "ls -l", "cwd": "/home"}"""
    found = body(request, command=str, cwd=str)
    command = found.get("command", "")
    if not command.strip() or len(command.encode()) > _LINE_MAX or "\0" in command:
        raise HTTPError(400, f"command: expected 1 to {_LINE_MAX} bytes")
    forced = None
    if request.login.options:
        from services import policy  # late: few users have any

        forced = policy.shell(request.login)
    path = normal(found["cwd"]) if found.get("cwd") and not forced else None
    if path and not isdir(path):
        raise HTTPError(404, "cwd: no such directory")
    output = Output(*start(request, forced or command, path, forced and command))
    return output, 200, {"Content-Type": "application/x-ndjson", "Cache-Control": "no-store"}


async def captured(request, command):
    """(status, output) of a command with little output."""
    process, reader = start(request, command, "/")
    text = b""
    try:
        while data := await reader.read():
            if len(text) < _KEPT_MAX:
                text += data
    finally:
        reader.close()
    return await process.wait(), readable(text)
