"""The service micros: command lines, REST paths, and frames of InterCon over TCP and ESP-NOW."""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import re
import select
import socket

from fuzzing.board import Fault
from fuzzing.servers import words

PATIENCE = 20  # seconds
KEY = bytes(range(32))
PORT = 908  # of the socket shell: 9008 would be one that this computer assigns to clients
STARTED = "/tmp/executed"  # a file that nothing may make
MODULE = f"""
from os import remove
def text(a=0, b=0): return str(a)
def _hidden(*words): open("{STARTED}", "w").close()
def help(widgets=False): return ("text a b",)
"""
SETTINGS = {
    "auth": "none",
    "login_ms": 20,
    "hostname": "node",
    "micros": {"auth": False, "rest": "open", "espnow": True, "socport": PORT},
}
AIR = "air"  # the directory of the radios, beside what the board sees
ADDRESS = "02d1a75e0001"  # of the board
OWN = bytes.fromhex("020000000099")
ASK, CHALLENGE, CALL, ANSWER, REFUSED = range(0xD1, 0xD6)
CODE = words("__import__('os') exec( eval( _hidden it._hidden lambda: {} [] ( ) ' \" = , >json >> & && task kill >>a ;")


class Node:
    """A board with the service, which has neither been restarted nor run what it must not, as check() looks."""

    batch = 250  # inputs between two checks

    def __init__(self, name, seeds, tokens=()):
        self.name = name
        self.seeds = seeds
        self.tokens = tokens
        self.sock = None

    def options(self, simulator):
        """Further words of the simulator's command line."""
        air = simulator.directory / AIR
        air.mkdir(exist_ok=True)
        return ["--set", f"espnow.air={air}", "--set", f"wifi.mac={ADDRESS}"]

    def prepare(self, board):
        path = board.share("LM_it.py", MODULE.encode())
        for line in (
            f"echo '{json.dumps(SETTINGS)}' > /etc/system.conf; loadconfig",
            f"mkdir -p /local/modules; cp {path} /local/modules",
            f"echo {KEY.hex()} | micros key set; service start micros; uhttpd start",
        ):
            board.run(line)
        self.process = None
        board.until(lambda: self.ask(board), b"good")
        self.process = self.status(board)

    def status(self, board):
        """The process of the service, and the file that must not be."""
        output, _ = board.run(f"service status micros; ls {STARTED} 2> /dev/null")
        return re.findall(r"running, process \d+|" + STARTED, output)

    def check(self, board):
        board.until(lambda: self.ask(board), b"good")
        now = self.status(board)
        if now != self.process:
            raise Fault(f"it was {self.process!r} and is {now!r}")
        board.check_log()

    def ask(self, board):
        """b"good" where the service answers as it should."""
        with contextlib.suppress(OSError), self.connect(board, PORT) as sock:
            sock.sendall(b"hello\n")
            return b"good" if b"hello:" in self.until(sock, b"hello:") else b""
        return b""

    def connect(self, board, port):
        return socket.create_connection(("127.0.0.1", port + board.offset), PATIENCE)

    def kept(self, board, port):
        """The connection that several inputs use."""
        if not self.sock:
            self.sock = self.connect(board, port)
        return self.sock

    def until(self, sock, *ends):
        """What comes up to one of the ends, or the end of the connection."""
        got = b""
        while not any(end in got for end in ends):
            more = sock.recv(65536)
            if not more:
                self.drop()
                break
            got += more
        if b"Traceback" in got:
            raise Fault(f"a traceback for a client: {got[-2000:]!r}")
        return got

    def drop(self):
        if self.sock:
            self.sock.close()
            self.sock = None

    def finish(self, board):
        self.drop()


class Lines(Node):
    """Lines of the socket shell; `hello` behind each shows that it has been answered."""

    def try_input(self, board, data):
        try:
            sock = self.kept(board, PORT)
            sock.sendall(data + b"\nhello\n")
            self.until(sock, b"hello:node", b"Bye!")
        except TimeoutError:
            raise Fault("no answer") from None
        except OSError:
            self.drop()


class Paths(Node):
    """Paths below /rest/."""

    def try_input(self, board, data):
        path = bytes(byte for byte in data if byte > 32)
        try:
            sock = self.kept(board, 80)
            sock.sendall(b"GET /rest/" + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
            head, _, body = self.until(sock, b"\r\n\r\n").partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            while length and len(body) < int(length[1]) and (more := sock.recv(65536)):
                body += more
        except TimeoutError:
            raise Fault("no answer") from None
        except OSError:
            self.drop()
            return
        if b"Traceback" in body or head[9:10] == b"5":
            raise Fault(f"{head!r} {body[-2000:]!r}")
        if not length or b"connection: close" in head.lower():
            self.drop()


def tag(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()[:16]


def derived(use):
    return hmac.new(KEY, use + b"\1", hashlib.sha256).digest()


class Frames(Node):
    """Frames of InterCon. An input is a byte, and what follows the head of a frame: the byte says which.

    0: the rest is a whole frame. 1: an ASK with a right tag. 2, 3: a CALL after a challenge, with a right tag or without.
    """

    def try_input(self, board, data):
        kind, rest = data[:1], data[1:]
        if kind == b"\1":
            head = bytes([ASK]) + rest
            self.exchange(board, [head + tag(derived(b"greeting"), head)])
        elif kind in (b"\2", b"\3"):
            challenge = self.exchange(board, [self.question()])
            if challenge[:1] == bytes([CHALLENGE]):
                head = bytes([CALL]) + challenge[1:9] + rest
                key = derived(b"authenticate" + challenge[1:17])
                self.exchange(board, [head + (tag(key, head) if kind == b"\2" else b"")])
        else:
            self.exchange(board, [rest])

    def question(self):
        head = bytes([ASK]) + os.urandom(8) + b"fuzz"
        return head + tag(derived(b"greeting"), head)


class Stream(Frames):
    """Over TCP; a frame that is refused ends the connection."""

    def exchange(self, board, frames):
        try:
            if not self.sock:
                self.until(self.kept(board, PORT), b" $ ")
            for frame in frames:
                self.sock.sendall(b"intercon " + base64.b64encode(frame) + b"\n")
                got = self.until(self.sock, b" $ ", b"Bye!")
            if b"Bye!" in got:
                self.drop()
            return base64.b64decode(got.split()[1]) if got.startswith(b"intercon ") else b""
        except TimeoutError:
            raise Fault("no answer") from None
        except OSError:
            self.drop()
            return b""


class Radio(Frames):
    """Over ESP-NOW."""

    def prepare(self, board):
        self.air = board.simulator.directory / AIR
        path = self.air / OWN.hex()
        path.unlink(missing_ok=True)
        self.own = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.own.bind(str(path))
        self.own.settimeout(PATIENCE)
        super().prepare(board)

    def finish(self, board):
        self.own.close()

    def exchange(self, board, frames):
        """Send; the answer, where one comes soon: to a question, it does."""
        self.drain()
        for frame in frames:
            try:
                self.own.sendto(bytes.fromhex(ADDRESS) + OWN + frame[:250], str(self.air / ADDRESS))
            except OSError as e:
                if self.process:
                    raise Fault(f"it takes no frames: {e}") from None
        if frames[-1][:1] == bytes([ASK]) and frames[-1][9:13] == b"fuzz":
            while select.select([self.own], [], [], 1)[0]:
                answer = self.own.recv(4096)[12:]
                if answer[:1] != bytes([ASK]) and answer[1:9] == frames[-1][1:9]:
                    return answer
        return b""

    def drain(self):
        while select.select([self.own], [], [], 0)[0]:
            self.own.recv(4096)

    def ask(self, board):
        return b"good" if self.exchange(board, [self.question()])[:1] == bytes([CHALLENGE]) else b""


LINES = [
    b"it text 1",
    b"it text 'two words' b=[1, 2, (3,)]",
    b'it text {"a": 1, "b": [None, True]} >json',
    b"it text 5 &&100",
    b"it text 0x10 -1.5 &50",
    b"it help widgets=True",
    b"task list >json",
    b"task show it.*\ntask kill it.text",
    b"modules all\nversion\nhelp lm",
    b"conf\ndump soc\nutc 60\nnoconf",
    b"system clock\nsystem memory_usage >json",
    b"it text 1 >>127.0.0.1:1",
    b"it _hidden\nit remove /tmp/x",
    b"it text __import__('os').remove('/etc/motd')",
    b"cluster members\ncluster status >json",
]
PATHS = [
    b"it/text/1",
    b"it/text/%22two-words%22/b=5",
    b"it/text/%7B%22a%22:[1]%7D",
    b"it/help/True",
    b"task/list",
    b"modules",
    b"it/text/&&100",
    b"it/_hidden",
    b"../../etc/shadow",
    b"system/clock/%3Ejson",
    b"it/text/1/%3E%3E127.0.0.1",
]
FRAMES = [
    b"\0\xd1" + bytes(8) + b"name" + bytes(16),
    b"\0\xd2" + bytes(16) + b"name" + bytes(16),
    b"\0\xd3" + bytes(8) + b"\0\1" + bytes(32),
    b"\0\xd4" + bytes(8) + b"\0\1" + bytes(32),
    b"\0\xd5" + bytes(9),
    b"\0" + b"0011|REQ|hello|lamp$",
    b"\1" + bytes(range(8)) + b"name",
    b"\2\0\1" + bytes(16),
    b"\2\0\3" + bytes(48),
    b"\2\2\3" + bytes(208),
    b"\3\0\1" + bytes(32),
]

TARGETS = (
    Lines("micros", LINES, CODE),
    Paths("microsrest", PATHS, words("/ - % %2e%2e/ ../ %00 %27 %22 ? # & && >json >>a _hidden __import__ exec( ' \"")),
    Stream("intercon", FRAMES, (b"\0\1", b"\xff\xff", b"\xd1", b"\xd3", bytes(16))),
    Radio("espnow", FRAMES, (b"\0\1", b"\xff\xff", b"\xd1", b"\xd3", bytes(16), b"|REQ|", b"$")),
)
