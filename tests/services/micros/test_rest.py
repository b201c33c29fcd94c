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


def test_a_list_of_addresses_may_call_without_a_password(rest):
    web = rest(rest="lan", rest_lan="10.*;127.0.0.*")
    assert web.get("/rest/it/text/1", auth=False).json["result"] == "it is 1"
    assert web.get("/rest/it/text/1", {"Origin": "http://evil.example"}, auth=False).status == 403
    assert web.get("/api/config", auth=False).status == 401


def test_other_addresses_may_not(rest):
    web = rest(rest="lan", rest_lan="10.*")
    assert web.get("/rest/it/text/1", auth=False).status == 401


def test_open_is_as_in_micros_without_other_sites(rest):
    web = rest(rest="open")
    assert web.get("/rest/it/text/1", auth=False).status == 200
    assert web.get("/rest/it/text/1", {"Sec-Fetch-Site": "cross-site"}, auth=False).status == 403
