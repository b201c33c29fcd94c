"""A board in the network: its files and a shell over HTTP (the board's service is started by `uhttpd start`).

The files are CircuitPython's web workflow (/fs/); commands go to /api/run, which answers with lines of JSON.
"""

import base64
import errno
import http.client
import json
import os
import posixpath
import shlex
import socket
import ssl
import time
from urllib.parse import quote

from remote.board import Board, Entry
from remote.errors import RemoteError, Unreachable, missing, os_error

PORT, TLS_PORT = 80, 443
TIMEOUT = 15  # seconds
RUN_TIMEOUT = 600  # for a command
BUSY_MOST = 30  # seconds that a busy board (503) is asked again
BUSY_PAUSE = 5  # seconds between, where the answer says nothing else
PIECE = 16384
COMMAND_MOST = 3500  # bytes of a command; the board takes 4,096
CERTIFICATE = "DIATOM_CERTIFICATE"  # a file with the certificate that a board has made itself

# What the statuses say about a file.
REASONS = {
    403: errno.EACCES,
    404: errno.ENOENT,
    409: errno.EEXIST,
    413: errno.ENOSPC,
    417: errno.ENOSPC,
}


class HttpBoard(Board):
    """The files of the board at an http:// or https:// address."""

    def __init__(self, host, port, user="root", password="", tls=False, timeout=TIMEOUT):
        self.host, self.port, self.tls, self.timeout = host, port, tls, timeout
        self.address = "%s://%s@%s:%d" % ("https" if tls else "http", user, host, port)
        self.login = "Basic " + base64.b64encode(("%s:%s" % (user, password)).encode()).decode()
        self.connection = None
        self.request("GET", "/cp/diskinfo.json")  # a wrong password is told at once

    def connect(self, timeout):
        if not self.tls:
            return http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        own = os.environ.get(CERTIFICATE)
        context = ssl.create_default_context(cafile=own)
        context.check_hostname = not own
        return http.client.HTTPSConnection(self.host, self.port, timeout=timeout, context=context)

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def request(self, method, target, body=None, head=None, path=None):
        """(status, fields, bytes) of a reply; OSError about path, or RemoteError, for a negative one."""
        answer = self.begin(method, target, body, head)
        try:
            data = answer.read()
        except (OSError, http.client.HTTPException) as e:
            raise self.gone(e) from None
        if answer.status >= 400:
            raise self.refusal(answer.status, data, path or target)
        return answer.status, answer.headers, data

    def begin(self, method, target, body=None, head=None, timeout=None):
        """Send a request and return the response; a board that is busy is asked again for BUSY_MOST seconds."""
        end = time.monotonic() + BUSY_MOST
        while True:
            answer = self.attempt(method, target, body, head, timeout)
            if answer.status != 503 or time.monotonic() > end:
                return answer
            wait = answer.headers.get("Retry-After", "")
            answer.read()
            self.close()
            time.sleep(min(int(wait) if wait.isdecimal() else BUSY_PAUSE, BUSY_PAUSE))

    def attempt(self, method, target, body, head, timeout):
        """Send a request and return the response; retry once if the board has closed the connection meanwhile."""
        fields = {"Authorization": self.login, **(head or {})}
        for last in (False, True):
            try:
                if self.connection is None:
                    self.connection = self.connect(self.timeout)
                    self.connection.connect()
                    self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    last = True
                self.connection.sock.settimeout(timeout or self.timeout)
                sent = body() if callable(body) else body
                self.connection.request(method, target, sent, fields)
                return self.connection.getresponse()
            except (OSError, http.client.HTTPException, AttributeError) as e:
                self.close()
                if last or isinstance(e, TimeoutError):
                    raise self.gone(e) from None
        raise AssertionError

    def gone(self, error):
        self.close()
        reason = getattr(error, "verify_message", None) or getattr(error, "strerror", None) or str(error)
        return Unreachable("%s: %s" % (self.address, reason or "the connection was closed"))

    def refusal(self, status, data, path):
        """The exception for a negative reply."""
        try:
            text = json.loads(data)["error"]
        except (ValueError, KeyError, TypeError):
            text = data.decode(errors="replace").strip() or "HTTP %d" % status
        if status == 503:
            return RemoteError("%s: the board is busy, or short of memory (HTTP 503)" % self.address)
        if status in (401, 421, 429):
            return RemoteError("%s: %s" % (self.address, text))
        if status == 409 and "directory" in text:
            return os_error(errno.EISDIR, path)
        if status in REASONS:
            return os_error(REASONS[status], path)
        return OSError(errno.EIO, text, path)

    # --- files

    def list(self, path):
        return self.listing(path)[0]

    def listing(self, path):
        """([Entry], what else the answer says) of a directory."""
        target = place(path).rstrip("/") + "/"
        _, _, data = self.request("GET", target, head={"Accept": "application/json"}, path=path)
        found = json.loads(data)
        entries = [
            Entry(file["name"], file["directory"], file["file_size"], file["modified_ns"] // 10**9 or None)
            for file in found["files"]
        ]
        return sorted(entries), found

    def stat(self, path):
        if path == "/":
            return Entry("", True, 0, None)
        parent, name = posixpath.split(path)
        for entry in self.list(parent):
            if entry.name == name:
                return entry
        raise missing(path)

    def read(self, path):
        status, _, data = self.request("GET", place(path), path=path)
        if status == 308:
            raise os_error(errno.EISDIR, path)
        yield data

    def write(self, path, data, advance=None):
        def pieces():
            for i in range(0, len(data), PIECE):
                yield data[i : i + PIECE]
                if advance:
                    advance(len(data[i : i + PIECE]))

        self.request("PUT", place(path), pieces, {"Content-Length": str(len(data))}, path)

    def remove(self, path):
        self.request("DELETE", place(path), path=path)

    def rmdir(self, path):
        if self.list(path):  # the server would remove what is in it, too
            raise os_error(errno.ENOTEMPTY, path)
        self.request("DELETE", place(path) + "/", path=path)

    def mkdir(self, path):
        if self.find(path):
            raise os_error(errno.EEXIST, path)
        self.request("PUT", place(path) + "/", head={"Content-Length": "0"}, path=path)

    def rename(self, old, new):
        there = self.find(new)
        if there and not there.directory:
            self.remove(new)
        self.request("MOVE", place(old), head={"X-Destination": place(new)}, path=old)

    def hashes(self, paths, advance=None):
        found = {}
        waiting = list(paths)
        while waiting:
            part = []
            while waiting and len(shlex.join([*part, waiting[0]]).encode()) < COMMAND_MOST:
                part.append(waiting.pop(0))
            _, output = self.shell("sha256sum %s 2> /dev/null" % shlex.join(part))
            for line in output.decode().splitlines():
                digest, _, path = line.partition("  ")
                found[path] = digest
            if advance:
                advance(len(part))
        return {path: found[path] for path in paths if path in found}

    def space(self, path="/"):
        found = self.listing(path)[1]
        return found["total"] * found["block_size"], found["free"] * found["block_size"]

    def facts(self):
        _, _, data = self.request("GET", "/api/status")
        found = json.loads(data)
        facts = {"address": self.address, "diatom": found["version"]}
        for name in ("micropython", "machine", "platform", "hostname"):
            facts[name] = found[name]
        facts["memory"], facts["free_memory"] = found["memory"]["total"], found["memory"]["free"]
        return facts

    # --- commands

    def shell(self, text, sink=None):
        body = json.dumps({"command": text}).encode()
        head = {"Content-Type": "application/json"}
        answer = self.begin("POST", "/api/run", body, head, RUN_TIMEOUT)
        if answer.status >= 400:
            raise self.refusal(answer.status, answer.read(), "/api/run")
        output, status = bytearray(), None
        try:
            for line in answer:
                found = json.loads(line)
                piece = found.get("output", "").encode()
                if sink:
                    sink(piece)
                else:
                    output += piece
                status = found.get("status", status)
        except (OSError, http.client.HTTPException, ValueError) as e:
            raise self.gone(e) from None
        if status is None:
            raise Unreachable("%s: the board has closed the connection" % self.address)
        return status, bytes(output)

    def restart(self):
        try:
            self.shell("reboot")
        except Unreachable:  # which is how a board answers that does it
            pass


def place(path):
    """The target of a request for a path."""
    return "/fs" + quote(path)
