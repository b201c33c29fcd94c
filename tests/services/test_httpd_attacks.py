"""Attacks on the web server from a hostile network."""

import os
import random
import socket
import time

import pytest
from harness import PATIENCE

from services.clients import is_closed, reset
from services.web import BASIC, everything, statuses

AUTH = f"Authorization: {BASIC['Authorization']}\r\n".encode()
HOST = b"Host: localhost\r\n"
GOOD = b"GET /icon.svg HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"


def alive(web):
    """The server serves others, and the shell still works."""
    assert web.get("/icon.svg", auth=False).status == 200
    assert web.get("/api/status").status == 200
    assert web.board.run("echo alive")[0] == "alive\n"


def get(path):
    return b"GET " + path + b" HTTP/1.1\r\n" + HOST + AUTH + b"Connection: close\r\n\r\n"


PATHS = [
    b"/../etc/shadow",
    b"/../../etc/profile",
    b"/%2e%2e/etc/profile",
    b"/..%2fetc/profile",
    b"/%2e%2e%2fetc%2fprofile",
    b"/%252e%252e/etc/profile",
    b"/....//etc/profile",
    b"/..\\..\\etc\\profile",
    b"/..%5cetc%5cprofile",
    b"//etc/profile",
    b"///../etc/profile",
    b"/./../etc/profile",
    b"/x/../../etc/profile",
    b"/icon.svg/../../etc/profile",
    b"/icon.svg%00.html",
    b"/%c0%ae%c0%ae/etc/profile",
    b"/%e0%80%ae./etc/profile",
    b"/etc/profile",
    b"/.hidden",
    b"/icon.svg/",
]


def test_no_path_leads_out_of_the_pages(web):
    web = web()
    web.board.run("echo secret > /www/.hidden")
    for path in PATHS:
        found = web.raw(get(path))
        assert statuses(found)[0] in (308, 400, 404), path
        assert b"PATH" not in found.partition(b"\r\n\r\n")[2] and b"secret" not in found, path
    alive(web)


def test_no_path_of_files_leads_to_a_secret(web):
    web = web()
    for path in PATHS:
        for end in (b"/etc/shadow", b"/fs/../etc/shadow", b"/fs/home/../../etc/shadow"):
            found = web.raw(get(b"/fs" + path.replace(b"/etc/profile", end)))
            assert b"root:" not in found.partition(b"\r\n\r\n")[2], path
    alive(web)


@pytest.mark.parametrize(
    "name, head",
    [
        ("two lengths", b"Content-Length: 4\r\nContent-Length: 30\r\n"),
        ("two equal lengths", b"Content-Length: 4\r\nContent-Length: 4\r\n"),
        ("a list of lengths", b"Content-Length: 4, 30\r\n"),
        ("length and chunks", b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
        ("chunks and length", b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"),
        ("chunks twice", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        ("chunks of chunks", b"Transfer-Encoding: chunked, chunked\r\n"),
        ("other chunks", b"Transfer-Encoding: xchunked\r\n"),
        ("chunks as they are", b"Transfer-Encoding: identity\r\n"),
        ("compressed chunks", b"Transfer-Encoding: gzip, chunked\r\n"),
        ("chunks in a folded line", b"Transfer-Encoding:\r\n chunked\r\n"),
        ("chunks behind a vertical tab", b"Transfer-Encoding: \x0bchunked\r\n"),
        ("chunks with a space before the colon", b"Transfer-Encoding : chunked\r\n"),
        ("hidden chunks", b"Content-Length: 4\r\nTransfer-Encoding: xchunked\r\n"),
        ("a space before the colon", b"Content-Length : 4\r\n"),
        ("a space before the name", b"X: y\r\n Content-Length: 4\r\n"),
        ("a folded value", b"Content-Length:\r\n 4\r\n"),
        ("a tab in the name", b"Content\tLength: 4\r\n"),
        ("a bare line feed", b"X: y\nContent-Length: 4\r\n"),
        ("a bare carriage return", b"X: y\rContent-Length: 4\r\n"),
        ("a NUL", b"X: y\0\r\n"),
        ("plus", b"Content-Length: +4\r\n"),
        ("minus", b"Content-Length: -4\r\n"),
        ("hexadecimal", b"Content-Length: 0x4\r\n"),
        ("a fraction", b"Content-Length: 4.0\r\n"),
        ("an exponent", b"Content-Length: 4e0\r\n"),
        ("underscore", b"Content-Length: 1_0\r\n"),
        ("other digits", "Content-Length: ٤\r\n".encode()),
        ("too many digits", b"Content-Length: " + b"9" * 40 + b"\r\n"),
        ("empty", b"Content-Length: \r\n"),
        ("two hosts", b"Host: other\r\n"),
        ("no colon", b"Content-Length 4\r\n"),
        ("no name", b": 4\r\n"),
        ("no ASCII", "Cöntent-Length: 4\r\n".encode()),
    ],
)
def test_no_request_is_smuggled_in_another(web, name, head):
    """Each head is followed by data that a careless server would take for the next request."""
    web = web()
    inner = b"PUT /fs/home/smuggled HTTP/1.1\r\n" + HOST + AUTH + b"Content-Length: 1\r\n\r\nx"
    first = b"POST /api/run HTTP/1.1\r\n" + HOST + AUTH + head + b"\r\n0\r\n\r\n"
    found = web.raw(first + inner)
    assert len(statuses(found)) == 1 and statuses(found)[0] in (400, 411, 413, 501), found
    assert b"Connection: close" in found
    assert web.get("/fs/home/smuggled").status == 404


@pytest.mark.parametrize(
    "data, status",
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),  # no Host
        (b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", 505),
        (b"GET / HTTP/1.1 x\r\n" + HOST + b"\r\n", 400),
        (b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET\t/ HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"get / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET x HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /%zz HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /% HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /%ff HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /%0d%0aX:y HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /" + b"a" * 2000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 5000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 60 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"X" * 5000, 431),
        (b"A" * 5000, 414),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),  # TLS
        (b"\r\n\r\n\x00\r\n\r\n", 400),
        (b"CONNECT example.com:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", 405),
        (b"GET http://localhost/icon.svg HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", 200),
    ],
)
def test_what_is_no_request_is_refused(web, data, status):
    web = web()
    assert statuses(web.raw(data))[0] == status


def test_names_of_fields_may_be_written_in_any_way(web):
    web = web()
    for name in (b"content-length", b"CONTENT-LENGTH", b"Content-length"):
        web.raw(
            b"PUT /fs/home/x HTTP/1.1\r\nhOsT: localhost\r\n" + AUTH.upper()[:14] + AUTH[14:] + name + b": 3\r\n\r\nabc"
        )
        assert web.get("/fs/home/x").data == b"abc"
        assert web.ask("DELETE", "/fs/home/x").status == 204


def test_a_body_that_is_too_large_is_refused(web):
    web = web()
    assert (
        web.ask(
            "POST", "/api/run", b'{"command": "' + b"x" * 20_000 + b'"}', {"Content-Type": "application/json"}
        ).status
        == 413
    )
    assert web.ask("POST", "/api/run", {"command": "x" * 5000}).status == 400
    deep = b"[" * 4000 + b"]" * 4000
    assert web.ask("POST", "/api/run", deep, {"Content-Type": "application/json"}).status in (400, 500, 503)
    alive(web)


def test_who_sends_slowly_is_dropped_and_disturbs_nobody(web):
    """Slowloris: more connections than the limit, each sending a byte now and then."""
    web = web()
    slow = [web.board.connect(80) for _ in range(6)]
    for sock in slow:
        sock.sendall(b"GET / HTTP/1.1\r\nX: ")
    began = time.monotonic()
    gone = set()
    while len(gone) < len(slow):
        assert time.monotonic() - began < 25
        for sock in slow:
            if sock in gone:
                continue
            try:
                sock.settimeout(0.05)
                sock.sendall(b"a")
                if not sock.recv(100):
                    gone.add(sock)
            except TimeoutError:
                pass
            except OSError:
                gone.add(sock)
        assert web.get("/icon.svg", auth=False).status == 200
    for sock in slow:
        sock.close()
    alive(web)


def test_who_sends_a_body_slowly_is_dropped(web):
    """A client that is not authenticated has the login time in total, however often it sends a byte."""
    web = web(settings={"httpd": {"login": 2}})
    head = b"POST /api/login HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\nContent-Length: 4000\r\n\r\n"
    slow = web.board.connect(80)
    slow.sendall(head)
    began = time.monotonic()
    while not is_closed(slow, 0.1):
        assert time.monotonic() - began < 15
        try:
            slow.sendall(b" ")
        except OSError:
            break
    alive(web)


@pytest.mark.slow
def test_an_upload_may_break_off_at_every_kilobyte(web):
    """The old file stays, and nothing else."""
    web = web()
    old, new = os.urandom(9000), os.urandom(24 * 1024)
    assert web.ask("PUT", "/fs/home/x", old).status == 201
    head = b"PUT /fs/home/x HTTP/1.1\r\n" + HOST + AUTH + b"Content-Length: %d\r\n\r\n" % len(new)
    for cut in range(0, len(new), 1024):
        for end in (reset, socket.socket.close):
            sock = web.board.connect(80)
            sock.sendall(head + new[:cut])
            end(sock)
    web.board.wait("uhttpd status", "clients 0")
    assert web.get("/fs/home/x").data == old
    assert web.board.run("ls -A /home")[0].split() == ["x"]
    assert web.ask("PUT", "/fs/home/x", new).status == 204
    assert web.get("/fs/home/x").data == new


def test_who_goes_half_way_is_answered_or_let_go(web):
    """The client closes its sending side and waits, in each state of a request."""
    web = web()
    whole = b"PUT /fs/home/x HTTP/1.1\r\n" + HOST + AUTH + b"Content-Length: 30\r\n\r\n" + b"x" * 30
    for cut in (0, 1, 3, 30, whole.index(b"\r\n\r\n") + 2, len(whole) - 30, len(whole) - 1):
        assert statuses(web.raw(whole[:cut])) == []
    assert web.get("/fs/home/x").status == 404
    assert statuses(web.raw(whole)) == [201]
    alive(web)


def test_two_hundred_connections_at_once(web):
    web = web()
    crowd = []
    for _ in range(200):
        try:
            crowd.append(web.board.connect(80, timeout=2))
        except OSError:
            break
    for sock in crowd[::3]:
        try:
            sock.sendall(b"GET /icon.svg HTTP/1.1\r\n")
        except OSError:
            pass
    for sock in crowd:
        reset(sock)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            assert web.get("/icon.svg", auth=False).status == 200
            break
        except (OSError, AssertionError):
            assert time.monotonic() < deadline
    alive(web)


def test_resets_at_every_state(web):
    web = web()
    whole = b"PUT /fs/home/x HTTP/1.1\r\n" + HOST + AUTH + b"Content-Length: 100\r\n\r\n" + b"x" * 100
    for cut in [*range(0, len(whole), 9), len(whole)]:
        sock = web.board.connect(80)
        sock.sendall(whole[:cut])
        reset(sock)
    for path in (b"/app.js", b"/fs/", b"/api/log", b"/metrics"):
        sock = web.board.connect(80)
        sock.sendall(get(path))
        sock.recv(1)
        reset(sock)
    alive(web)
    assert "httpd" in web.board.run("ps")[0]


def test_a_client_that_takes_nothing_holds_nobody_up(web):
    web = web()
    web.ask("PUT", "/fs/home/large", os.urandom(300_000))
    stalled = socket.socket()
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    stalled.connect(("127.0.0.1", web.port))
    stalled.sendall(get(b"/fs/home/large") * 5)
    connection = web.connect()
    connection.connect()
    for _ in range(20):
        began = time.monotonic()
        assert web.get("/icon.svg", auth=False, connection=connection).status == 200
        assert time.monotonic() - began < 2
    stalled.close()
    alive(web)


@pytest.mark.slow
def test_random_bytes_bring_nothing_down(web):
    web = web()
    source = random.Random(7)
    words = [
        b"GET ",
        b"PUT ",
        b"POST ",
        b"/",
        b"/fs/home/r",
        b"/api/run",
        b" HTTP/1.1",
        b"\r\n",
        b"\r\n\r\n",
        HOST,
        AUTH,
    ]
    words += [
        b"Content-Length: 5\r\n",
        b"Expect: 100-continue\r\n",
        b"Upgrade: websocket\r\n",
        b"Range: bytes=",
        b"%",
        b":",
        b"\0",
        b"{",
        b"?a=b&",
    ]
    for _ in range(300):
        parts = [
            source.choice(words) if source.random() < 0.7 else source.randbytes(source.randrange(20))
            for _ in range(source.randrange(20))
        ]
        with web.board.connect(80) as sock:
            try:
                sock.sendall(b"".join(parts))
                sock.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            everything(sock)
    alive(web)


def test_idle_connections_end(web):
    """A client that never sends a request, and one that sends no further one."""
    web = web()
    silent = web.board.connect(80)
    kept = web.board.connect(80)
    kept.sendall(GOOD.replace(b"Connection: close\r\n", b""))
    assert is_closed(silent, 20) and is_closed(kept, 20)
