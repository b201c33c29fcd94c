"""The settings of a node over HTTP, in the form of micrOS, and who may see and change them."""

import pytest

from services.micros.test_rest import AUTH
from services.web import Web


@pytest.fixture
def web(node):
    return Web(
        node(heap="645k").board, hostname="simulator", micros={"rest": "open", "stapwd": "secret1", "ntfy": "topic"}
    )


def test_settings_are_shown_and_changed(web):
    get = lambda: web.get("/config/api", AUTH, auth=False).json  # noqa: E731
    post = lambda found: web.ask("POST", "/config/api", found, AUTH, auth=False).json  # noqa: E731
    found = get()
    assert (found["devfid"], found["timirqseq"], found["cron"]) == ("simulator", 1000, False)
    assert not {"hwuid", "guimeta", "socport", "version", "soctout"} & set(found)
    assert "secret1" not in str(found) and "topic" not in str(found) and found["appwd"] == found["stapwd"] == "********"
    wanted = {"cron": True, "timirqseq": 2000, "boothook": "", "latitude": "47.5", "stapwd": "********"}
    assert post(wanted) == {"state": True, "result": "Config updated"}
    found = get()
    assert [found[key] for key in ("cron", "timirqseq", "boothook", "latitude")] == [True, 2000, "n/a", "47.5"]
    assert "secret1" in web.board.run("cat /etc/system.conf")[0]
    failed = post({"cron": False, "nothing": 1, "timirqseq": "x", "appwd": "Abcdefg12", "devfid": ""})["failed"]
    assert sorted(said.partition(":")[0] for said in failed) == ["appwd", "devfid", "nothing", "timirqseq"]
    assert get()["cron"] is False and get()["devfid"] == "simulator"
    assert post([1])["state"] is False
    assert web.get("/config", {**AUTH, "Accept": "application/json"}, auth=False).json == get()
    answer = web.get("/config", {**AUTH, "Accept": "text/html"}, auth=False)
    assert (answer.status, answer.headers["Location"]) == (302, "/dashboard/#config")
    for path in ("/config/api", "/config", "/config/packregs"):  # `rest` is open, this never
        assert web.get(path, auth=False).status == 401
        assert web.get(path, {"x-micros-auth": "wrong"}, auth=False).status == 401
        assert web.get(path).status == 200  # a user of the board
        assert web.get(path, {**AUTH, "Origin": "http://evil.example"}, auth=False).status == 403
        assert web.get(path, {**AUTH, "Host": "evil.example"}, auth=False).status == 421
    assert web.ask("POST", "/config/reboot", b"", auth=False).status == 401
    assert web.get("/config/nothing").status == 404
    assert web.ask("POST", "/config/reboot", b"", AUTH, auth=False).json["state"]
    web.board.console.child.expect_exact("$: ")
