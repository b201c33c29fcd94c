"""Access to the web server: logins, CSRF, Origin and Host, Basic authentication, secrets."""

import base64
import re
import threading
import time

import pytest

from services.clients import PASSWORD
from services.web import BASIC

PRIVATE = (
    "/api/status",
    "/api/users",
    "/api/config",
    "/api/log",
    "/fs/",
    "/fs/etc/profile",
    "/cp/diskinfo.json",
    "/metrics",
)


@pytest.mark.parametrize("path", PRIVATE)
def test_nothing_is_told_to_strangers(web, path):
    answer = web().get(path, auth=False)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_a_page_is_told_without_the_window_of_the_browser(web):
    answer = web().get("/api/status", {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}, auth=False)
    assert answer.status == 401 and "WWW-Authenticate" not in answer.headers
    assert answer.json == {"error": "login required"}


def test_a_login_is_a_random_cookie_that_no_script_and_no_other_site_has(web):
    web = web()
    tokens = set()
    for _ in range(3):
        answer, _ = web.login()
        cookie = answer.headers["Set-Cookie"]
        assert re.match(r"diatom=[0-9a-f]{64}; ", cookie) and "HttpOnly" in cookie and "SameSite=Strict" in cookie
        tokens.add(cookie.split(";")[0])
        assert PASSWORD not in answer.text and answer.json["user"] == "root"
    assert len(tokens) == 3


def test_a_session_lasts_until_logout(web):
    web = web()
    _, fields = web.login()
    assert web.get("/api/status", fields, auth=False).status == 200
    assert web.ask("POST", "/api/logout", headers=fields, auth=False).status == 204
    assert web.get("/api/status", fields, auth=False).status == 401


def test_a_clock_that_jumps_ends_no_session(web):
    web = web()
    _, fields = web.login()
    for moment in ("2001-01-01 00:00:00", "2035-01-01 00:00:00", "2002-02-02 00:00:00"):
        assert web.board.run(f"date -s '{moment}'")[1] == 0
        assert web.get("/api/status", fields, auth=False).status == 200
        assert web.login()[0].status == 200
    assert web.ask("POST", "/api/logout", headers=fields, auth=False).status == 204
    assert web.get("/api/status", fields, auth=False).status == 401


def test_a_new_password_ends_the_sessions_of_its_user(web):
    web = web()
    _, fields = web.login()
    assert web.get("/api/status", {**fields, **BASIC}, auth=False).status == 200
    web.board.run("setauth root other1 other1")
    assert web.get("/api/status", fields, auth=False).status == 401
    assert web.get("/api/status", BASIC, auth=False).status == 401


@pytest.mark.parametrize(
    "cookie",
    [
        "diatom=valid_session",
        "auth_token=valid_session",
        "diatom=",
        "diatom=" + "0" * 64,
        "diatom",
        "=",
        "diatom=;diatom=",
    ],
)
def test_a_guessed_cookie_is_nobody(web, cookie):
    assert web().get("/api/status", {"Cookie": cookie}, auth=False).status == 401


def test_what_changes_something_needs_the_second_token(web):
    web = web()
    _, fields = web.login()
    cookie = {"Cookie": fields["Cookie"]}
    for token in ({}, {"X-CSRF-Token": "x"}, {"X-CSRF-Token": ""}):
        answer = web.ask("PUT", "/fs/home/x", b"x", {**cookie, **token}, auth=False)
        assert answer.status == 403
        assert web.ask("POST", "/api/run", {"command": "touch /home/x"}, {**cookie, **token}, auth=False).status == 403
    assert web.get("/fs/home/x").status == 404
    assert web.ask("PUT", "/fs/home/x", b"x", fields, auth=False).status == 201


@pytest.mark.parametrize(
    "fields",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_changes_nothing_and_opens_no_terminal(web, fields):
    web = web()
    _, session = web.login()
    assert web.ask("PUT", "/fs/home/x", b"x", {**session, **fields}, auth=False).status == 403
    assert web.ask("PUT", "/fs/home/x", b"x", fields).status == 403
    assert web.ask("POST", "/api/login", {"user": "root", "password": PASSWORD}, fields, auth=False).status == 403
    upgrade = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGVzdA==",
        "Sec-WebSocket-Version": "13",
    }
    for path in ("/api/terminal", "/cp/serial/"):
        assert web.get(path, {**session, **upgrade, **fields}, auth=False).status == 403
        assert web.get(path, {**upgrade, **fields}).status == 403
        assert web.get(path, upgrade, auth=False).status == 401


def test_the_board_answers_to_its_own_names_only(web):
    """A foreign name that resolves to the board (DNS rebinding) would make its pages same-origin."""
    web = web()
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80"):
        assert web.get("/", {"Host": host}).status == 421
    for host in ("localhost", "127.0.0.1:8080", "[::1]:80", "mpy-esp32.local"):
        assert web.get("/", {"Host": host}).status == 200


def test_settings_name_other_hosts_and_pages(web):
    web = web(settings={"httpd": {"hosts": ["board.example"], "origins": ["https://code.circuitpython.org"]}})
    assert web.get("/", {"Host": "board.example"}).status == 200
    fields = {"Origin": "https://code.circuitpython.org"}
    answer = web.ask("PUT", "/fs/home/x", b"x", fields)
    assert answer.status == 201 and answer.headers["Access-Control-Allow-Origin"] == fields["Origin"]
    asked = web.ask("OPTIONS", "/fs/home/x", headers=fields, auth=False)
    assert asked.status == 204 and "PUT" in asked.headers["Access-Control-Allow-Methods"]
    assert web.ask("POST", "/api/run", {"command": "true"}, fields).status == 403
    assert "Access-Control-Allow-Origin" not in web.ask("OPTIONS", "/fs/", headers={"Origin": "http://x"}).headers


def test_basic_authentication(web):
    web = web()

    def basic(text):
        return web.get(
            "/api/session", {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}, auth=False
        ).status

    assert basic("root:" + PASSWORD) == basic(":" + PASSWORD) == 200
    assert basic("root:wrong") == basic("nobody:" + PASSWORD) == 401
    for text in ("Basic", "Basic !!!", "Basic =", "Bearer x", "basic " + "A" * 2000):
        assert web.get("/api/session", {"Authorization": text}, auth=False).status in (400, 401)


def test_who_guesses_side_by_side_waits_as_one_after_the_other(web):
    web = web()
    found = []

    def guess():
        found.append(web.login("wrong")[0].status)

    began = time.monotonic()
    threads = [threading.Thread(target=guess) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [401] * 4
    assert time.monotonic() - began > 3.4  # 0.5 s after the first one, then 1 and 2
    assert "wrong password for root, failure 4" in web.board.run("dmesg")[0]


def test_no_secret_leaves_the_board(web):
    web = web(settings={"wifi": {"password": "geheimnis"}, "mqtt": {"key": "schluessel"}})
    text = web.get("/api/config").text
    assert "geheimnis" not in text and "schluessel" not in text
    for path in ("/etc/shadow", "/etc/.shadow.new", "/ETC/Shadow", "/local/wifi", "/etc/ssh/key"):
        for name in (path, "/." + path, "/x/.." + path, path.replace("/", "//%2e/", 1)):
            assert web.get("/fs" + name).status in (403, 404), name
            assert web.ask("PUT", "/fs" + name, b"root::0").status in (403, 404, 409), name
            assert web.ask("MOVE", "/fs" + name, headers={"X-Destination": "/fs/home/x"}).status in (403, 404)
        assert web.ask("MOVE", "/fs/home/x", headers={"X-Destination": "/fs" + path}).status in (403, 404)
    moved = web.ask("MOVE", "/fs/etc/", headers={"X-Destination": "/fs/home/etc"})
    assert moved.status == 403
    assert web.login()[0].status == 200


def test_a_user_of_files_who_may_only_read(web):
    web = web()
    assert web.board.run("useradd -o ro guest && setauth guest gast1 gast1")[1] == 0
    fields = {"Authorization": "Basic " + base64.b64encode(b"guest:gast1").decode()}
    assert web.get("/fs/etc/profile", fields, auth=False).status == 200
    assert web.ask("PUT", "/fs/home/x", b"x", fields, auth=False).status == 403
