"""Users of a busy board, a thread each. A user works in rounds until the end, and records how long its requests take."""

import base64
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

PASSWORD = "geheim"
PATIENCE = 30  # seconds, after which nothing is expected any more
FILES = 50  # of the directory that is mirrored
HELLO = b"\xff\xfd\x01\xff\xfd\x03\xff\xfb\x18\xff\xfa\x18\0VT100\xff\xf0\xff\xfb\x1f\xff\xfa\x1f\0P\0\x18\xff\xf0"


class User(threading.Thread):
    """A user of a service. `waits` are seconds, one for each request; `failures` are sentences."""

    name = ""
    pause = 0.2  # seconds between two turns

    def __init__(self, board):
        super().__init__(name=self.name, daemon=True)
        self.board = board
        self.over = threading.Event()
        self.waits = []
        self.failures = []
        self.output = ""  # all that he was told

    def run(self):
        try:
            self.begin()
            while not self.over.wait(self.pause):
                try:
                    self.turn()
                except (OSError, EOFError, http.client.HTTPException) as e:
                    self.failures.append(f"{type(e).__name__}: {e}")
                    self.begin()
        except Exception as e:
            self.failures.append(f"{type(e).__name__}: {e}")
        finally:
            self.end()

    def begin(self):
        """Come."""

    def turn(self):
        """Do what he does again and again."""

    def end(self):
        """Go."""

    def timed(self, action, *args):
        """The result of a request, whose time is noted."""
        start = time.monotonic()
        try:
            return action(*args)
        finally:
            self.waits.append(time.monotonic() - start)


class AtConsole(User):
    """A user at the console who has started an endless script."""

    name = "console"
    pause = 0.5
    LINES = (
        "ls -l /etc",
        "ps",
        "free",
        "date; uptime",
        "grep -c o /etc/motd",
        "wc -l /etc/profile",
        "service list | head -n 3",
    )
    count = 0

    def begin(self):
        self.board.run("sh /tmp/busy.sh & true")

    def turn(self):
        self.count += 1
        output, _ = self.timed(self.board.run, self.LINES[self.count % len(self.LINES)])
        self.output += output

    def end(self):
        self.board.run("kill %1")


class ByTelnet(User):
    """A user who runs pipelines in a telnet session, and sometimes opens a new one."""

    name = "telnet"
    TURNS = 20
    sock = None
    rest = b""
    left = 0

    def until(self, wanted):
        """What comes up to a text; what comes behind it stays for the next one."""
        while wanted not in self.rest:
            piece = self.sock.recv(4096)
            if not piece:
                raise EOFError(f"the session ends: {self.rest[-100:]!r}")
            self.rest += piece
            self.output += piece.decode(errors="replace")
        found, _, self.rest = self.rest.partition(wanted)
        return found

    def begin(self):
        self.end()
        self.left = self.TURNS
        self.timed(self.log_in)

    def log_in(self):
        self.sock = socket.create_connection(("127.0.0.1", self.board.port(23)), PATIENCE)
        self.sock.sendall(HELLO)
        for question, answer in ((b"login: ", "root"), (b"Password: ", PASSWORD)):
            self.until(question)
            self.sock.sendall(answer.encode() + b"\r\0")
        self.until(b"$: ")

    def turn(self):
        self.left -= 1
        if not self.left:
            self.begin()
        found = self.timed(self.pipeline)
        if b"\r\n5\r\n" not in found and b"\n5\n" not in found:
            self.failures.append(f"a pipeline: {found[-200:]!r}")

    def pipeline(self):
        self.sock.sendall(b"ls /bin | sort | head -n 5 | wc -l; echo do''ne\r\0")
        found = self.until(b"done\r\n")
        self.until(b"$: ")
        return found

    def end(self):
        if self.sock:
            self.sock.close()
            self.sock = None
            self.rest = b""


class ByLftp(User):
    """lftp, which mirrors a directory onto the board and back. The wait is that between two of the board's replies."""

    name = "lftp"
    PROGRAM = "lftp"

    def begin(self):
        self.here = self.board.directory / "mirror"
        if not self.here.exists():
            self.here.mkdir()
            for number in range(FILES):
                (self.here / f"{number}.txt").write_bytes(os.urandom(700 + 40 * number))

    def turn(self):
        back = self.board.directory / "back"
        script = (
            "set cmd:fail-exit yes; set net:timeout 30; set net:max-retries 4; set net:reconnect-interval-base 1; debug 5;"
            f"open -u root,{PASSWORD} ftp://127.0.0.1:{self.board.port(21)};"
            f"mirror -R --delete {self.here} /tmp/mirror; mirror --delete /tmp/mirror {back}; rm -r /tmp/mirror; bye"
        )
        words = ["lftp", "--norc", "-c", script]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            last = time.monotonic()
            for line in process.stdout:
                if line.startswith("<---"):
                    self.waits.append(time.monotonic() - last)
                    last = time.monotonic()
                if re.match(r"<--- [45]\d\d", line) and not line.startswith(
                    ("<--- 550", "<--- 500", "<--- 502", "<--- 504")
                ):
                    self.failures.append(line.strip())
                self.output += line
                if self.over.is_set():
                    process.terminate()
            if process.wait() and not self.over.is_set():
                self.failures.append(f"lftp ends with {process.returncode}: {self.output[-300:]}")
                return
        if not self.over.is_set() and any((back / f.name).read_bytes() != f.read_bytes() for f in self.here.iterdir()):
            self.failures.append("the mirror is not the same")
        shutil.rmtree(back, ignore_errors=True)


class ByHttp(User):
    """A program that asks for the state, a directory and a page, each time on a connection of its own."""

    name = "http"
    PATHS = ("/api/status", "/fs/etc/", "/app.js", "/metrics", "/api/processes", "/fs/etc/profile")
    count = 0

    def turn(self):
        self.count += 1
        path = self.PATHS[self.count % len(self.PATHS)]
        words = base64.b64encode(f"root:{PASSWORD}".encode()).decode()
        headers = {"Authorization": "Basic " + words, "Accept": "application/json", "Accept-Encoding": "gzip"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.board.port(80)}{path}", headers=headers)
        try:
            self.timed(self.ask, request)
        except urllib.error.HTTPError as e:
            self.failures.append(f"{path}: {e.code} {e.read().decode(errors='replace').strip()}")

    def ask(self, request):
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.read()


class InBrowser(User):
    """A Chromium with the desktop: the dashboard, Files, and a terminal in which vi writes a file; then from the start."""

    name = "browser"
    page = None

    def begin(self):
        from services.browser import Browser

        self.end()
        self.page = Browser(self.board.directory / f"profile-{time.monotonic_ns()}")
        self.page.go(f"http://localhost:{self.board.port(80)}/")
        self.wait("document.querySelector('#login')?.hidden === false")
        self.page.fill("#login [name=password]", PASSWORD)
        self.page.click("#login button")
        self.wait("document.querySelector('#app')?.hidden === false")

    def turn(self):
        page = self.page
        self.view("dashboard", "/free/.test(document.querySelector('.cards')?.innerText)")
        self.over.wait(5)
        self.view("files/etc", "/motd/.test(document.querySelector('.drop tbody')?.innerText)")
        self.view("terminal", "/\\$: *$/m.test(document.querySelector('.pane:not([hidden]) .xterm-rows')?.innerText)")
        shown = "document.querySelector('.pane:not([hidden]) .xterm-rows').innerText"
        page.type("vi /tmp/page.txt")
        page.press("Enter", 13, "\r")
        self.wait(f"/^~/m.test({shown})")
        page.type("ione line of text")
        page.press("Escape", 27, "\x1b")
        page.type(":wq")
        page.press("Enter", 13, "\r")
        self.wait(f"/\\$: *$/m.test({shown}) && !/^~/m.test({shown})")
        self.note_requests()

    def wait(self, shown):
        """Wait until the page shows something; a page that does not is one request that has failed."""
        try:
            self.timed(self.page.wait, shown, PATIENCE)
        except AssertionError as e:
            raise EOFError(str(e)[:1000]) from None

    def view(self, name, shown):
        self.page.value(f"location.hash = '#{name}'")
        self.wait(shown)

    def note_requests(self):
        """The time and the status of what the page has asked for since the last time."""
        code = "JSON.stringify(performance.getEntriesByType('resource').map((e) => [e.name, e.duration, e.responseStatus]))"
        for name, duration, status in json.loads(self.page.value(code)):
            self.waits.append(duration / 1000)
            if status >= 400 and status != 401:
                self.failures.append(f"{name}: status {status}")
        self.page.value("performance.clearResourceTimings()")
        self.output += self.page.text()

    def end(self):
        if self.page:
            self.page.go("about:blank")  # as somebody who closes the page, and not as one who has lost the network
            self.page.close()
            self.page = None


KINDS = (AtConsole, ByTelnet, ByLftp, ByHttp, InBrowser)
