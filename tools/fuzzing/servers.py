"""Services of the board: damaged requests, datagrams and keys."""

import contextlib
import socket
import struct

QUIET = 0.05  # seconds without an answer, after which a conversation is over
PATIENCE = 20  # seconds
FIRST = 2000  # bytes after which the rest of a damaged input comes in a second packet


class Server:
    """A service on a TCP port. After every input it must answer `question` with a reply that begins with `answer`."""

    def __init__(self, name, start, port, question, answer, seeds, tokens=()):
        self.name = name
        self.start = start
        self.port = port
        self.question = question
        self.answer = answer
        self.seeds = seeds
        self.tokens = tokens

    def prepare(self, board):
        board.run('echo \'{"auth": "none", "login_ms": 20}\' > /etc/system.conf; loadconfig')
        board.run(self.start)
        self.check(board)

    def try_input(self, board, data):
        with contextlib.suppress(OSError), self.connect(board) as sock:
            sock.sendall(data[:FIRST])
            sock.sendall(data[FIRST:])
            sock.settimeout(QUIET)
            while sock.recv(65536):
                pass

    def connect(self, board):
        return socket.create_connection(("127.0.0.1", self.port + board.offset), PATIENCE)

    def check(self, board):
        board.until(lambda: self.ask(board), self.answer)
        board.check_log()

    def ask(self, board):
        """What the service answers to the question now."""
        got = b""
        with contextlib.suppress(OSError), self.connect(board) as sock:
            sock.sendall(self.question)
            while len(got) < len(self.answer) and (more := sock.recv(4096)):
                got += more
        return got

    def finish(self, board):
        pass


class Datagrams(Server):
    """A service on a UDP port."""

    def try_input(self, board, data):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(data[:9000], ("127.0.0.1", self.port + board.offset))

    def ask(self, board):
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(1)
            sock.sendto(self.question, ("127.0.0.1", self.port + board.offset))
            return sock.recv(9000)
        return b""


def words(text):
    return tuple(word.encode() for word in text.split())


def labels(name):
    """A name as DNS has it (RFC 1035, 3.1)."""
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def question(name, kind, ident=7):
    return struct.pack(">HHHHHH", ident, 0, 1, 0, 0, 0) + labels(name) + struct.pack(">HH", kind, 1)


def reply(name, kind, data, ident=7):
    head = struct.pack(">HHHHHH", ident, 0x8400, 1, 1, 0, 0) + labels(name) + struct.pack(">HH", kind, 1)
    return head + b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 120, len(data)) + data


HOST = b"Host: localhost\r\n"
HTTP = [
    b"GET / HTTP/1.1\r\n" + HOST + b'Accept-Encoding: gzip\r\nIf-None-Match: "x"\r\nRange: bytes=0-10\r\n\r\n',
    b"GET /fs/etc/motd HTTP/1.1\r\n" + HOST + b"Range: bytes=-5\r\nCookie: diatom=abc; a=b\r\n\r\n",
    b"PUT /fs/tmp/x HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
    b"PUT /fs/tmp/y HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\nT: v\r\n\r\n",
    b"POST /api/run HTTP/1.1\r\n"
    + HOST
    + b'Content-Type: application/json\r\nContent-Length: 18\r\n\r\n{"command": "pwd"}',
    b"GET /api/terminal HTTP/1.1\r\n"
    + HOST
    + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81\x85\0\0\0\0hello\x89\x80\1\2\3\4",
    b"DELETE /fs/tmp/x HTTP/1.0\r\n\r\nMOVE /fs/tmp/y HTTP/1.1\r\n" + HOST + b"X-Destination: /tmp/z\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\n" + HOST + b"Origin: http://example.com\r\nConnection: keep-alive, close\r\n\r\n",
    b"GET /metrics HTTP/1.1\r\n" + HOST + b"\r\nGET /api/log?since=1&%41=%C3%A9 HTTP/1.1\r\n" + HOST + b"\r\n",
]
FTP = [
    b"USER root\r\nPASS x\r\nSYST\r\nFEAT\r\nPWD\r\nCWD /etc\r\nTYPE I\r\nPASV\r\nLIST -la\r\nQUIT\r\n",
    b"USER root\r\nPASS x\r\nEPSV\r\nRETR /etc/motd\r\nREST 5\r\nSIZE /etc/motd\r\nMDTM /etc/motd\r\nMLST /etc\r\nNOOP\r\n",
    b"USER root\r\nPASS x\r\nPORT 127,0,0,1,200,1\r\nSTOR /tmp/f\r\nABOR\r\nRNFR /tmp/f\r\nRNTO /tmp/g\r\nDELE /tmp/g\r\n",
    b"USER root\r\nPASS x\r\nEPRT |1|127.0.0.1|5000|\r\nMLSD\r\nMKD /tmp/d\r\nRMD /tmp/d\r\nSITE CHMOD 644 x\r\n"
    b"HELP\r\nSTAT /\r\nOPTS UTF8 ON\r\n",
]
TELNET = [
    b"\xff\xfd\x01\xff\xfd\x03\xff\xfb\x18\xff\xfa\x18\0VT100\xff\xf0\xff\xfb\x1f\xff\xfa\x1f\0P\0\x18\xff\xf0"
    b"echo hi\r\0exit\r\n",
    b"ls\r\n\xff\xf4\xff\xf6\x1b[A\x1b[D\x7f\x01\x05\x0b\x19\x12l\r\t\t\x03\x04",
    b"\x1b[200~pasted\nlines\x1b[201~\x03\xc3\xa4\x1b[1;5C\x1b[3~\x17\x14\x1f\x1b.\x1bb\r\n",
]
UPGRADE = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: foo\r\n\r\n"
LOGIN = UPGRADE + b"\x82\x02x\r"


def webrepl(kind, name=b"", size=0):
    """A request of WebREPL, in a frame."""
    return b"\x82\x52" + struct.pack("<2sBBQLH64s", b"WA", kind, 0, 0, size, len(name), name)


WEBREPL = [
    LOGIN + webrepl(3) + webrepl(2, b"/etc/profile") + b"\x82\1\0" * 3 + webrepl(2, b"/tmp/../etc/shadow"),
    LOGIN + webrepl(1, b"/tmp/w", 5) + b"\x82\3abc\x82\2de" + webrepl(1, b"/tmp/w", 0) + webrepl(1, b"/boot.py", 9),
    LOGIN + b"\x81\3\r1\r\x81\1\5\x81\3a=1\x81\1\4\x81\1\1\x81\1\2\x89\0\x88\2\3\xe8",
    LOGIN + b"\x82\x85\1\2\3\4hello\1\1a\x80\1b\x81\x7e\0\5print",
]
MDNS = [
    question("reef.local", 1),
    question("_services._dns-sd._udp.local", 12),
    question("1.0.0.127.in-addr.arpa", 12),
    reply("reef.local", 1, b"\x7f\0\0\2"),
    reply("other.local", 33, b"\0\0\0\0\0\x50" + labels("x.local")),
    reply("_telnet._tcp.local", 12, b"\xc0\x0c"),
]

TARGETS = (
    Server(
        "http",
        "uhttpd start",
        80,
        b"GET / HTTP/1.0\r\n\r\n",
        b"HTTP/1.1 200",
        HTTP,
        words("\r\n : , ; = % %00 %2e%2e/ ../ gzip chunked bytes= 0- close HTTP/1.1 { }"),
    ),
    Server(
        "ftp",
        "uftpd start",
        21,
        b"",
        b"220",
        FTP,
        words("\r\n PASV EPSV RETR STOR LIST ABOR REST \xff\xf4 ../ -la * | ,"),
    ),
    Server(
        "telnet",
        "utelnetd start",
        23,
        b"",
        b"\xff",
        TELNET,
        (b"\xff", b"\xff\xfa", b"\xff\xf0", b"\x1b[", b"\x1bO", b"\r", b"\0", b";", b"999"),
    ),
    Server(
        "webrepl",
        "uwebrepld start",
        8266,
        UPGRADE,
        b"HTTP/1.1 101",
        WEBREPL,
        (LOGIN, webrepl(1, b"/tmp/x", 300), webrepl(2, b"/"), b"\x82\x7e", b"\x82\x7f", b"\x81", b"\x88\0", b"\xff"),
    ),
    Datagrams(
        "mdns",
        "hostname reef; wifi sta connect -n Guest; service start mdns",
        5353,
        question("reef.local", 1, 0x4242),
        b"BB",
        MDNS,
        (b"\xc0\x0c", b"\xc0\x00", b"\x3f", b"\xff\xff", b"\0\0"),
    ),
)
