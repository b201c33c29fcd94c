"""Servers with damaged replies, for clients of the board."""

import contextlib
import socket
import struct
import threading

from fuzzing.servers import labels, reply, words

READ = 4096  # bytes
BRIEF = 0.1  # seconds without a second request
LIMIT = 3  # seconds, after which a client that waits for another answer is ended


class Peer:
    """A client of the board, {} stands for the port of the server that it asks.

    A client that goes on after a damaged reply would wait for another one until its time is over: where `valid` is given,
    that follows.
    """

    udp = False

    def __init__(self, name, command, seeds, tokens=(), valid=None):
        self.name = name
        self.command = command
        self.seeds = seeds
        self.tokens = tokens
        self.valid = valid
        self.data = b""

    def prepare(self, board):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if self.udp else socket.SOCK_STREAM)
        self.socket.bind(("127.0.0.1", 0))
        if not self.udp:
            self.socket.listen(8)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):  # the socket is closed
            while True:
                sock, _ = self.socket.accept()
                with contextlib.suppress(OSError), sock:
                    sock.settimeout(1)
                    sock.recv(READ)
                    self.reply(sock)
                    sock.shutdown(socket.SHUT_WR)
                    while sock.recv(READ):
                        pass

    def reply(self, sock):
        """Answer a request."""
        sock.sendall(self.data)

    def try_input(self, board, data):
        self.data = data
        command = self.command.format(self.socket.getsockname()[1])
        board.run(f"timeout {LIMIT} {command} < /dev/null > /tmp/out")

    def check(self, board):
        board.check_log()

    def finish(self, board):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


class Broker(Peer):
    """The beginning of a reply is for CONNECT, and the rest for SUBSCRIBE."""

    def reply(self, sock):
        data, self.data = self.data, self.valid
        sock.sendall(data[: len(ACCEPTED)])
        sock.settimeout(BRIEF)
        with contextlib.suppress(TimeoutError):  # a client that has understood nothing sends nothing
            sock.recv(READ)
        sock.sendall(data[len(ACCEPTED) :] + self.valid)


class DatagramPeer(Peer):
    """The answer begins with what answer(question) gives, so that the client takes it for one."""

    udp = True

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                asked, address = self.socket.recvfrom(READ)
                if not address:  # closed
                    return
                for data in (self.data, self.valid):
                    self.socket.sendto(self.answer(asked, data), address)

    def answer(self, asked, data):
        return asked[:2] + data[2:]


class NameServer(DatagramPeer):
    """The valid reply is that there is no such name."""

    def answer(self, asked, data):
        return asked[:2] + (data[2:] if data else b"\x84\x03\0\1\0\0\0\0\0\0" + asked[12:])


class TimeServer(DatagramPeer):
    def answer(self, asked, data):
        return data[:24] + asked[40:48] + data[32:]


def packet(kind, body):
    """A packet of MQTT (3.1.1, 2.2)."""
    return bytes([kind, len(body)]) + body


ACCEPTED = packet(0x20, b"\0\0")
TAKEN = ACCEPTED + packet(0x90, b"\0\1\0")
MQTT = [
    TAKEN + packet(0x30, b"\0\1ahello"),
    TAKEN + packet(0x32, b"\0\3a/b\0\7" + b"x" * 99) + packet(0xD0, b""),
    packet(0x20, b"\0\5"),
]
HTTP = [
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;a=b\r\nabc\r\n0\r\nT: v\r\n\r\n",
    b"HTTP/1.0 302 Found\r\nLocation: /other\r\nSet-Cookie: a=b\r\n\r\n",
    b'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
    b"HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-4/10\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
]
DNS = [
    reply("a.example", 1, b"\x7f\0\0\1"),
    reply("a.example", 28, b"\0" * 15 + b"\1"),
    reply("a.example", 15, b"\0\x0a" + labels("mail.example")),
    reply("a.example", 16, b"\4text\5hello"),
    reply("a.example", 6, labels("ns.example") + labels("root.example") + b"\0" * 20),
    reply("a.example", 33, b"\0\1\0\2\0\x50" + labels("x.example")),
    reply("a.example", 5, b"\xc0\x0c"),
]
NTP = [struct.pack(">BBbb11I", 0x24, 2, 0, -20, 0, 0, 0, 0xE9000000, 0, 0, 0, 0xE9000000, 5, 0xE9000000, 9)]

TARGETS = (
    Broker(
        "mqtt",
        "mqttc listen -n 1 -t a -h 127.0.0.1 -p {}",
        MQTT,
        (b"\xff\xff\xff\x7f", b"\x30", b"\0\0", b"\x80", TAKEN),
        MQTT[0],
    ),
    Peer(
        "wget",
        "wget -q -T 2 -O - http://127.0.0.1:{}/x",
        HTTP,
        words("\r\n : 200 206 301 chunked bytes 0-4/10 /x http://[ 99999999999 -1"),
    ),
    Peer("upgrade", "upgrade -f --unsigned http://127.0.0.1:{}/", HTTP, words('\r\n { } [ ] : "')),
    NameServer(
        "dns",
        "nslookup -W 1 -p {} -t ANY a.example 127.0.0.1",
        DNS,
        (b"\xc0\x0c", b"\xc0\xff", b"\x3f", b"\xff\xff", b"\0\1", b"\0\x21", b"\0\x0f"),
    ),
    TimeServer("ntp", "ntpupdate -q 127.0.0.1:{}", NTP, (b"\0" * 8, b"\xff" * 8), NTP[0]),
)
