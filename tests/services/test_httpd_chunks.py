"""Uploads of unknown length: Transfer-Encoding: chunked."""

import io
import os
import subprocess

import pytest
from harness import PATIENCE

from services.clients import PASSWORD
from services.web import BASIC, statuses

AUTH = f"Authorization: {BASIC['Authorization']}\r\n".encode()
HEAD = b" HTTP/1.1\r\nHost: localhost\r\n" + AUTH + b"Transfer-Encoding: chunked\r\n"
LAST = b"GET /icon.svg HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def put(web, body, path=b"/fs/home/x", more=b""):
    """The statuses of an upload with this body as it stands on the wire, and of the request behind it."""
    return statuses(web.raw(b"PUT " + path + HEAD + more + b"\r\n" + body + LAST))


def test_an_upload_in_chunks_is_the_file(web, require):
    curl = require("curl")
    web = web()
    data = os.urandom(70_000)
    options = ["-sS", "-u", f"root:{PASSWORD}", "-o", os.devnull, "-w", "%{http_code}", "-T", "-", "-H", "Expect:"]

    run = subprocess.run(
        [curl, *options, f"{web.url}/fs/home/piped"], input=data, capture_output=True, timeout=PATIENCE
    )
    assert run.stdout == b"201", run.stderr
    assert web.get("/fs/home/piped").data == data
    connection = web.connect()
    for size in (1, 511, 512, 513, 5000):  # http.client sends what it reads in chunks, on a connection that is kept
        body = io.BytesIO(data[:size])
        connection.request(
            "PUT", "/fs/home/piped", body, {**BASIC, "Transfer-Encoding": "chunked"}, encode_chunked=True
        )
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 204 and web.get("/fs/home/piped").data == data[:size]


def test_what_stands_beside_the_chunks_is_no_part_of_them(web):
    web = web()
    body = b'3;a=b;c="d"\r\nabc\r\n00A\r\n0123456789\r\n0\r\nX-Sum: 5\r\nAuthorization: none\r\n\r\n'
    assert put(web, body) == [201, 200]
    assert web.get("/fs/home/x").data == b"abc0123456789"
    assert put(web, b"0\r\n\r\n") == [204, 200]
    assert web.get("/fs/home/x").data == b""
    assert put(web, b"1\r\nx\r\n0\r\n\r\n", more=b"Expect: 100-continue\r\n") == [100, 204, 200]


def test_a_body_of_the_api_may_come_in_chunks(web):
    web = web()
    text = b'{"command": "echo chunks"}'
    body = b"".join(b"1\r\n%c\r\n" % c for c in text) + b"0\r\n\r\n"
    found = web.raw(b"POST /api/run" + HEAD + b"Content-Type: application/json\r\nConnection: close\r\n\r\n" + body)
    assert statuses(found) == [200] and b"chunks" in found
    body = b"1000\r\n" + b" " * 4096 + b"\r\n"
    assert put(web, body * 3 + b"0\r\n\r\n", b"/api/run") == [413]


@pytest.mark.parametrize(
    "body",
    [
        b"3\nabc\r\n0\r\n\r\n",
        b"3\r\nabcd\r\n0\r\n\r\n",
        b"3\r\nabc\n0\r\n\r\n",
        b"3\r\nabc0\r\n\r\n",
        b"0x3\r\nabc\r\n0\r\n\r\n",
        b"+3\r\nabc\r\n0\r\n\r\n",
        b"-3\r\nabc\r\n0\r\n\r\n",
        b" 3\r\nabc\r\n0\r\n\r\n",
        b"\r\n3\r\nabc\r\n0\r\n\r\n",
        b"3_0\r\nabc\r\n0\r\n\r\n",
        b"000000003\r\nabc\r\n0\r\n\r\n",
        b"fffffffffffffff3\r\nabc\r\n0\r\n\r\n",
        b"3;" + b"x" * 200 + b"\r\nabc\r\n0\r\n\r\n",
        b"3;a\nb\r\nabc\r\n0\r\n\r\n",
        b"3\r\nabc\r\n0\r\n" + b"X: y\r\n" * 20 + b"\r\n",
        b"3\r\nabc\r\n0\r\n" + b"X" * 300 + b"\r\n\r\n",
        b"g\r\n",
        b"\xd9\xa3\r\nabc\r\n0\r\n\r\n",
    ],
)
def test_chunks_that_another_server_may_read_in_another_way_end_the_connection(web, body):
    web = web()
    assert put(web, body) == [400]
    assert web.get("/fs/home/x").status == 404


def test_an_upload_that_breaks_off_leaves_the_old_file(web):
    web = web()
    assert web.ask("PUT", "/fs/home/x", b"old").status == 201
    whole = b"3\r\nabc\r\n5\r\n01234\r\n0\r\n\r\n"
    for end in range(len(whole)):
        web.raw(b"PUT /fs/home/x" + HEAD + b"\r\n" + whole[:end])
    assert web.get("/fs/home/x").data == b"old"
    names = [entry["name"] for entry in web.get("/fs/home/", {"Accept": "application/json"}).json["files"]]
    assert names.count("x") == 1 and not [name for name in names if name.startswith((".x", "x."))]


def test_chunks_that_do_not_fit_are_refused(web):
    web = web(flash_size="1M")
    body = b"8000\r\n" + bytes(0x8000) + b"\r\n"
    found = put(web, body * 40)
    assert found == [413]
    assert web.get("/fs/home/x").status == 404
    assert web.ask("PUT", "/fs/home/x", b"small").status == 201
