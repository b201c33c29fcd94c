"""Several simultaneous clients of the web server, with a board's memory."""

import http.client

import pytest
from harness import wait_until

from services.clients import PASSWORD, receive
from services.ftp.talk import client
from services.telnet import talk as telnet
from services.web import BASIC, Answer


@pytest.fixture(params=[("romfs", "320k"), ("mpy", "360k")], ids=["romfs", "mpy"])
def small(web, request):
    """A board with the heap of a small one; with everything in files, the desktop among them, a larger one is needed."""
    image, heap = request.param
    return web(image=image, heap=heap)


def ask_at_once(web, count, path):
    """The statuses of requests on connections that are all opened before any of them is answered."""
    connections = [web.connect(20) for _ in range(count)]
    try:
        for connection in connections:
            connection.request("GET", path, headers={**BASIC, "Accept-Encoding": "gzip"})
        return [Answer(connection.getresponse()).status for connection in connections]
    finally:
        for connection in connections:
            connection.close()


def test_a_browser_with_six_connections_is_served(small):
    for path in ("/app.js", "/api/status", "/fs/etc/profile", "/xterm.js", "/api/services", "/metrics"):
        assert ask_at_once(small, 6, path) == [200] * 6, path


def test_who_only_keeps_a_connection_makes_room(small):
    kept = [small.connect() for _ in range(16)]
    for connection in kept:
        assert small.get("/api/session", connection=connection).status == 200
    assert small.get("/api/status").status == 200
    for connection in kept:
        connection.close()


def soon(ask):
    """The real figure appears within seconds: what a client has loaded is unloaded after two idle seconds."""
    wait_until(ask)


def test_all_services_have_a_client_beside_the_shell(small):
    board = small.board
    for name in ("utelnetd", "uftpd"):
        assert board.run(f"{name} start")[1] == 0
    session = board.connect(23)
    telnet.login(session, PASSWORD)
    receive(session, telnet.PROMPT)
    ftp = client(board)
    assert "etc" in ftp.nlst("/")

    def page():
        try:
            return small.get("/app.js", {"Accept-Encoding": "gzip"}, auth=False).status == 200
        except (ConnectionError, http.client.HTTPException):
            return False

    def listed():
        child = board.console.child
        child.send("ls / | grep et''c\r")
        child.expect_exact("\x1b[?2004l")
        child.expect_exact("$: ")
        return b"etc\r\n" in child.before

    soon(page)
    soon(listed)
    session.sendall(b"echo $((6*7))\r\0")
    receive(session, b"\r\n42\r\n")
    assert "etc" in ftp.nlst("/")
    assert "etc" in ftp.nlst("/")


def test_nothing_is_loaded_again_for_a_client_that_comes_back_at_once(web):
    """A request answered before any other task runs must not look like the end of the last one."""
    web = web()
    for _ in range(20):
        assert web.get("/icon.svg", auth=False).status == 200
        assert web.board.run("lsmod | grep -c services.http.session")[1] == 0
