"""Load Modules over HTTP: the form of micrOS, and who may call."""

import pytest

from services.micros.conftest import PASSWORD
from services.web import Web

MODULE = """
calls = 0
def count(*args):
    global calls
    calls += 1
    return {"args": list(args), "calls": calls}
def text(a):
    return "it is " + str(a)
def fail():
    raise ValueError("no")
"""
AUTH = {"x-micros-auth": PASSWORD}


@pytest.fixture
def rest(node):
    """Callable: a Web with a node, whose settings are given."""

    def rest(**settings):
        found = node({"LM_it.py": MODULE}, heap="645k")
        web = Web(found.board, micros=settings, hostname="simulator")
        return web

    return rest


def test_calls_and_answers(rest):
    web = rest()
    about = web.get("/rest", AUTH, auth=False).json
    assert about == {
        "result": {"micrOS": "3.7.2-0", "node": "simulator", "auth": True, "usr_endpoints": []},
        "state": True,
    }
    ask = lambda path: web.get("/rest/" + path, AUTH, auth=False).json  # noqa: E731
    assert ask("it/count/1/a-b/%22c-d%20e%22")["result"] == {"args": [1, "a", "b", "c-d e"], "calls": 1}
    assert ask("it/text/x=1") == {"result": "Core error: LM_it->text: unexpected keyword argument 'x'", "state": False}
    assert ask("it/text/5") == {"result": "it is 5", "state": True}
    assert ask("it/fail") == {"result": "Core error: LM_it->fail: no", "state": False}
    assert ask("it/count/&&1000") == {"result": {"it.count": "Starting"}, "state": True}
    assert ask("task/list")["result"] == {"active": ["idle", "server", "it.count"], "inactive": []}
    assert web.ask("POST", "/rest/it/count", headers=AUTH, auth=False).status == 405
    web.board.run("service stop micros")
    assert web.get("/rest/it/count").status == 503


def test_who_may_call(rest):
    web = rest()
    path = "/rest/it/text/1"
    assert web.get(path, auth=False).status == 401
    assert web.get(path, {"x-micros-auth": "wrong"}, auth=False).status == 401
    assert web.get(path).status == 200  # a user of the board
    for field in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert web.get(path, field).status == 403
        assert web.get(path, {**AUTH, **field}, auth=False).status == 403
    assert web.get(path, {"Host": "evil.example", **AUTH}, auth=False).status == 421


PATH = "/rest/it/text/1"
CHROME = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140"
}  # over plain HTTP: neither Origin nor Sec-Fetch-Site

# What a client sends, and whether it may call from an address without a password, with the clients' one, as a user of the board.
CLIENTS = [
    ({}, 1),
    ({"User-Agent": "python-requests/2.32"}, 1),
    ({"Origin": "http://evil.example"}, 0),
    ({"Origin": "null"}, 0),
    ({"Sec-Fetch-Site": "cross-site"}, 0),
    ({"Sec-Fetch-Site": "same-site"}, 0),
    ({"Sec-Fetch-Site": "same-origin", **CHROME}, 1),
    ({"Sec-Fetch-Site": "none", **CHROME}, 1),
    (CHROME, 0),
    ({"Referer": "http://evil.example/", **CHROME}, 0),
    ({"Referer": "http://HOST/dashboard/", **CHROME}, 1),
    ({"X-Requested-With": "dashboard", **CHROME}, 1),
    ({"Host": "evil.example"}, 0),
    ({"Host": "evil.example:80", "Referer": "http://evil.example:80/", **CHROME}, 0),
]


def statuses(web, more, auth):
    """The answers to each of CLIENTS: 1 for a call, 0 for none."""
    found = []
    for fields, _ in CLIENTS:
        sent = {name: value.replace("HOST", web.host) for name, value in fields.items()}
        found.append(int(web.get(PATH, {**sent, **more}, auth=auth).status == 200))
    return found


@pytest.mark.parametrize("mode", ["secure", "lan", "open", "unlisted"])
def test_the_settings_against_all_kinds_of_clients(rest, mode):
    settings = {"rest": mode, "rest_lan": "10.*;127.0.0.*"}
    if mode == "unlisted":
        settings = {"rest": "lan", "rest_lan": "10.*"}
    web = rest(**settings)
    wanted = [may for _, may in CLIENTS]
    assert statuses(web, {}, False) == (wanted if mode in ("lan", "open") else [0] * len(CLIENTS))
    assert statuses(web, {}, True) == wanted  # a user of the board, by a password that a browser sends by itself
    with_password = [may or fields == CHROME or "evil.example/" in fields.get("Referer", "") for fields, may in CLIENTS]
    assert statuses(web, AUTH, False) == with_password  # a field that no other site can send
    assert web.get(PATH, {"x-micros-auth": "wrong"}, auth=False).status == 401
    for path in ("/api/config", "/config/api", "/fs/etc/profile"):
        assert web.get(path, auth=False).status == 401  # but Load Modules, nothing
    shown = web.board.run("service status micros")[0]
    assert ("\x1b[31mrest is open" in shown or "rest is open: everybody" in shown) == (mode == "open")


def test_the_status_warns_of_what_everybody_may(rest):
    web = rest(auth=False)
    assert "auth is false: everybody in the network" in web.board.run("service status micros")[0]
