"""The cost of remote services: memory, FTP against a bare loop from socket to flash, and a stalled client's effect on others."""

import ftplib
import os
import random
import re
import socket
import time
from statistics import median

from benchmarks import reference
from benchmarks.simulation import BOARD, PATIENCE, BenchError, Console
from benchmarks.table import Row

KB = 1024
BUFFER = 8192  # bytes, as in services.ftp.transfer
BARE_PORT = 20
WARM = 8  # commands
SIZE = 1024 * 1024
HELLO = b"\xff\xfd\x01\xff\xfd\x03\xff\xfb\x18\xff\xfa\x18\0VT100\xff\xf0\xff\xfb\x1f\xff\xfa\x1f\0P\0\x18\xff\xf0"


class Board:
    """A console on a board whose services let everybody in."""

    def __init__(self, console, offset):
        self.console = console
        self.offset = offset
        console.expect("$: ")
        self.run('echo \'{"auth": "none", "telnetd": {"sessions": 20}}\' > /etc/system.conf; loadconfig')

    def run(self, line):
        """What a line of commands prints."""
        self.console.send(line + "; echo e''nd\r")
        self.console.expect("\x1b[?2004l")
        output = self.console.expect("end\r\n")
        self.console.expect("$: ")
        return output

    def in_use(self):
        return int(self.run(f"{BOARD}/in_use"))

    def connect(self, port):
        """A connection to a service, as soon as it listens."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port + self.offset), PATIENCE)
            except OSError:
                if time.monotonic() > end:
                    raise BenchError(f"nobody listens on port {port}") from None
                time.sleep(0.005)

    def session(self):
        """A telnet session at its prompt."""
        sock = self.connect(23)
        sock.sendall(HELLO)
        until(sock, b"$: ")
        return sock


def until(sock, wanted):
    data = b""
    while wanted not in data:
        piece = sock.recv(4096)
        if not piece:
            raise BenchError(f"{wanted!r} does not come: {data!r}")
        data += piece
    return data


def measure(simulator, quick):
    offset = random.randrange(10_000, 50_000)
    words = [*simulator.words(image="romfs", heap="1M"), "--port-offset", str(offset)]
    with Console(words) as console:
        board = Board(console, offset)
        yield from memory(board, 4 if quick else 16)
        yield from transfers(board, 3 if quick else 30)
        yield latency(board, 20 if quick else 100)
    with Console(words) as console:
        yield from others(Board(console, offset))


def memory(board, count):
    """Each service alone and with one client, and sessions."""
    warm(board)
    for name in ("ftpd", "telnetd"):
        before = board.in_use()
        board.run(f"u{name} start")
        yield Row(f"{name}, idle", (board.in_use() - before) / KB, "kB", limit=reference.SERVICE)
        if name == "ftpd":
            ftp = log_in(board)
            ftp.nlst()
            yield Row("ftpd, one client", (board.in_use() - before) / KB, "kB")
            ftp.quit()
            board.run("uftpd stop")
    sessions = [command(board.session())]
    first = board.in_use()
    yield Row("telnetd, one session", (first - before) / KB, "kB", note="which has run a pipeline")
    sessions += [command(board.session()) for _ in range(count)]
    each = (board.in_use() - first) / count
    yield Row("telnet session with its shell", each / KB, "kB", limit=reference.SESSION, note=f"the mean of {count}")
    for sock in sessions:
        sock.close()


def warm(board):
    """Have loaded what the first commands need, and once for all services: the supervisor, a larger intern pool."""
    for _ in range(WARM):
        board.run("pwd | cat")
        board.in_use()
    board.run("utelnetd start")
    board.run("utelnetd stop")


def others(board):
    """What runs without clients, the first with the supervisor; and what a tool's code leaves."""
    warm(board)
    board.run("utelnetd start; service list; sleep 0.1")
    board.run("python -c 'import network; network.WLAN(network.STA_IF).active(True)'")  # the simulator's own modules
    for name, limit, note in (
        ("wifi", reference.WIFI, "with the supervisor, which the first service loads"),
        ("crond", reference.CROND, ""),
    ):
        before = settled(board)
        board.run(f"service start {name}; sleep 2")
        yield Row(f"{name}, idle", (settled(board) - before) / KB, "kB", limit=limit, note=note)
    before = settled(board)
    for keys, answer in (("\x01", "exit\r\n>"), ("print(6 * 7)\x04", "\x04>"), ("\x02", "$: ")):
        board.console.send(keys)
        board.console.expect(answer)
    yield Row("mpremote exec, afterwards", (settled(board) - before) / KB, "kB", limit=reference.TOOL)


def settled(board):
    board.in_use()
    return board.in_use()


def log_in(board):
    ftp = ftplib.FTP(timeout=PATIENCE)
    ftp.connect("127.0.0.1", 21 + board.offset)
    ftp.login("root", "")
    return ftp


def command(sock):
    sock.sendall(b"pwd | cat\r\0")
    until(sock, b"/home\r\n/home $: ")
    return sock


def transfers(board, rounds):
    """Time of FTP over time of the bare loop, in turn."""
    board.run("uftpd start")
    data = os.urandom(SIZE)
    ratios = {}
    times = {}
    ftp = log_in(board)
    ftp.cwd("/tmp")
    ftp.voidcmd("TYPE I")
    for turn in range(rounds + 1):
        board.run("rm -f /tmp/ftp /tmp/bare")
        for name in ("put of 1 MiB", "put of 1 MiB over an old file", "get of 1 MiB"):
            if turn % 2:  # whoever comes second finds one file more on the flash
                bare = unserved(board, name[:3], data)
            by_ftp = served(ftp, name[:3], data)
            if not turn % 2:
                bare = unserved(board, name[:3], data)
            if turn:
                ratios.setdefault(name, []).append(by_ftp / bare)
                times.setdefault(name, []).append(bare)
    ftp.quit()
    board.run("rm /tmp/ftp /tmp/bare")
    for name in ratios:
        note = f"the bare loop moves {SIZE / median(times[name]) / 1e6:.0f} MB/s"
        if "old" in name:
            note += " and keeps no old one"
        yield Row(f"FTP {name}", median(ratios[name]), "of the bare loop's time", limit=reference.FTP, note=note)


def served(ftp, kind, data):
    """Seconds for a transfer by FTP."""
    with ftp.transfercmd(("STOR" if kind == "put" else "RETR") + " ftp") as sock:
        start = time.perf_counter()
        move(sock, kind, data)
        got = time.perf_counter() - start
    ftp.voidresp()
    return time.perf_counter() - start if kind == "put" else got


def unserved(board, kind, data):
    """Seconds for the same by the bare loop."""
    board.console.send(f"{BOARD}/bare_socket {kind} {BARE_PORT + board.offset} /tmp/bare {BUFFER}; echo e''nd\r")
    with board.connect(BARE_PORT) as sock:
        start = time.perf_counter()
        move(sock, kind, data)
        if kind == "put":  # one byte says that the file is written, as FTP's last reply does
            sock.shutdown(socket.SHUT_WR)
            sock.recv(1)
        seconds = time.perf_counter() - start
    board.console.expect("end\r\n")
    board.console.expect("$: ")
    return seconds


def move(sock, kind, data):
    if kind == "put":
        sock.sendall(data)
        return
    got = 0
    while piece := sock.recv(262144):
        got += len(piece)
    if got != len(data):
        raise BenchError(f"{got} bytes came instead of {len(data)}")


def latency(board, count):
    """How much later the echo of a key comes while another client takes nothing of endless output."""
    quiet = board.session()
    before = echo(quiet, count)
    noisy = board.connect(23)
    noisy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    noisy.sendall(HELLO)
    until(noisy, b"$: ")
    noisy.sendall(b"yes\r\0")
    while not re.search(r"\byes\b", board.run("ps")):
        pass
    after = echo(quiet, count)
    noisy.close()
    quiet.close()
    return Row(
        "echo beside a stalled client",
        after - before,
        "ms more",
        limit=reference.ECHO_MS,
        note=f"{before:.2f} ms alone",
    )


def echo(sock, count):
    """Milliseconds from a key to its echo."""
    times = []
    for _ in range(count):
        start = time.perf_counter()
        sock.sendall(b"x")
        until(sock, b"x")
        times.append(time.perf_counter() - start)
    sock.sendall(b"\x15")
    return median(times) * 1000
