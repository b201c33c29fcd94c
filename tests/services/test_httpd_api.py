"""The JSON API, its description, and the metrics for Prometheus."""

import json
import re
import time

import pytest
from harness import PATIENCE
from prometheus_client.parser import text_string_to_metric_families

from services.web import BASIC


def lines(answer):
    return [json.loads(line) for line in answer.text.splitlines()]


def run(web, command, **more):
    """Run a command through the API; return (output, status)."""
    answer = web.ask("POST", "/api/run", {"command": command, **more})
    assert answer.status == 200, answer.text
    found = lines(answer)
    return "".join(line.get("output", "") for line in found), found[-1]["status"]


def test_status(web):
    web = web()
    found = web.get("/api/status").json
    assert found["memory"]["free"] < found["memory"]["total"] and found["storage"]["free"] < found["storage"]["total"]
    assert found["platform"] == "linux" and found["processes"] >= 3 and abs(found["time"] - time.time()) < 10 * 3600
    later = web.get("/api/status").json
    assert later["cpu_us"] > found["cpu_us"]


def test_a_command_and_its_output(web):
    web = web()
    assert run(web, "echo hello; echo oops >&2; exit 3") == ("hello\noops\n", 3)
    assert run(web, "pwd", cwd="/etc") == ("/etc\n", 0)
    assert run(web, "echo ä日本 | cat; nothing-there")[1] == 127
    assert run(web, "seq 2000")[0] == "".join(f"{n}\n" for n in range(1, 2001))
    assert web.ask("POST", "/api/run", {"command": "pwd", "cwd": "/none"}).status == 404
    for body in ({}, {"command": ""}, {"command": 5}, {"command": "x", "other": 1}, [], "x", None):
        assert (
            web.ask("POST", "/api/run", json.dumps(body).encode(), {"Content-Type": "application/json"}).status == 400
        )
    assert web.ask("POST", "/api/run", b"command=ls").status == 415


def test_characters_may_be_written_as_escapes(web):
    """Python's json writes those beyond U+FFFF as two."""
    web = web()
    for text in ("a\U0001f600b", "\U0010ffff", "\U00010000\U0001f600", "é\\ud83d", "\\"):
        body = json.dumps({"command": f"printf %s '{text}'"}).encode()
        answer = web.ask("POST", "/api/run", body, {"Content-Type": "application/json"})
        assert "".join(line.get("output", "") for line in lines(answer)) == text
    for half in ("\\ud83d", "\\ude00", "\\ud83dx", "\\ud83d\\u0041", "\\ude00\\ud83d"):
        body = b'{"command": "echo %s"}' % half.encode()
        assert web.ask("POST", "/api/run", body, {"Content-Type": "application/json"}).status == 400


def test_output_comes_as_it_is_written(web):
    web = web()
    connection = web.connect()
    body = json.dumps({"command": "echo first; until test -e /tmp/go; do sleep .05; done; echo second"})
    connection.request("POST", "/api/run", body, {**BASIC, "Content-Type": "application/json"})
    response = connection.getresponse()
    assert json.loads(response.readline()) == {"output": "first\n"}
    assert web.ask("PUT", "/fs/tmp/go", b"").status == 201
    assert json.loads(response.readline()) == {"output": "second\n"}
    assert json.loads(response.readline()) == {"status": 0}


def test_a_command_ends_with_its_client(web):
    web = web()
    connection = web.connect()
    body = json.dumps({"command": "while true; do echo x; sleep 0.1; done"})
    connection.request("POST", "/api/run", body, {**BASIC, "Content-Type": "application/json"})
    response = connection.getresponse()
    response.readline()
    count = int(web.get("/api/status").json["processes"])
    response.close()
    connection.close()
    deadline = time.monotonic() + PATIENCE
    while web.get("/api/status").json["processes"] >= count:
        assert time.monotonic() < deadline


def test_processes_and_signals(web):
    web = web()
    web.board.run("sleep 100 & true")
    (entry,) = [found for found in web.get("/api/processes").json if found["name"] == "sleep"]
    assert entry["args"] == ["100"] and entry["state"] == "R"
    path = f"/api/processes/{entry['pid']}"
    assert web.ask("POST", path, {"signal": "STOP"}).status == 204
    assert web.get(path).json["state"] == "H"
    assert [job["state"] for job in web.get("/api/jobs").json] == ["Stopped"]
    assert web.ask("POST", path, {"signal": "CONT"}).status == 204
    assert web.ask("POST", path, {"signal": "NONE"}).status == 400
    assert web.ask("POST", path, {"signal": "TERM"}).status == 204
    deadline = time.monotonic() + PATIENCE
    while web.get(path).status != 404 and web.get(path).json["state"] != "Z":
        assert time.monotonic() < deadline
    assert web.ask("POST", "/api/processes/1", {"signal": "KILL"}).status == 403
    for pid in ("9999", "x", "-1", "", "99999999999999"):
        assert web.ask("POST", "/api/processes/" + pid, {"signal": "TERM"}).status in (404, 405)


def test_services(web):
    web = web()
    found = {entry["name"]: entry for entry in web.get("/api/services").json}
    assert found["httpd"]["state"] == "running" and found["ftpd"]["state"] == "stopped"
    assert web.ask("POST", "/api/services/ftpd", {"action": "start"}).json["state"] in ("running", "starting")
    assert web.board.wait("uftpd status", "running")
    assert web.ask("POST", "/api/services/ftpd", {"action": "stop"}).json["state"] == "stopped"
    assert web.ask("POST", "/api/services/ftpd", {"action": "fly"}).status == 400
    for name in ("none", "..%2fetc", "x;reboot"):
        assert web.ask("POST", "/api/services/" + name, {"action": "start"}).status == 404


def test_pins(web):
    web = web()
    found = web.get("/api/gpio").json["pins"]
    assert found and all(set(entry) >= {"gpio", "pin", "mode", "value"} for entry in found)
    path = f"/api/gpio/{found[0]['gpio']}"
    assert web.ask("PUT", path, {"value": 1}).json["value"] == 1
    assert web.ask("PUT", path, {"value": 0}).json["value"] == 0
    assert web.ask("PUT", path, {"frequency": 500, "duty": 0.25}).json["duty"] == 0.25
    assert web.get(path).json["mode"] == "pwm"
    assert web.ask("PUT", path, {"mode": "up"}).json["mode"] == "up"
    for body in (
        {"value": 2},
        {"mode": "x"},
        {"duty": 2},
        {"frequency": 0},
        {"duty": "x"},
        {"color": [1, 2, 3]},
        {"value": True},
    ):
        assert web.ask("PUT", path, body).status == 400, body
    assert web.get("/api/gpio/9999").status == web.get("/api/gpio/x").status == 404
    answer = web.ask("PUT", "/api/gpio/34", {"mode": "out"})
    assert answer.status == 409 and answer.json == {"error": "pin can only be input"}
    for color in ([1, 2], [256, 0, 0], [-1, 0, 0], ["a", 0, 0], [0.5, 0, 0]):
        assert web.ask("PUT", "/api/gpio/rgb", {"color": color}).status == 400


def test_the_log_and_what_is_new_in_it(web):
    web = web()
    found = web.get("/api/log").json
    assert any("logged in" in line["text"] for line in found["lines"])
    assert web.get(f"/api/log?since={found['next']}").json["lines"] == []
    web.board.run("logger -t test hello; true")
    web.login("wrong")
    new = web.get(f"/api/log?since={found['next']}").json
    assert new["next"] > found["next"] and "wrong password" in new["lines"][-1]["text"]
    assert web.get("/api/log?since=x").status == 400
    assert web.get("/api/log?since=0&since=x").status == web.get("/api/log?since=0&since=1").status == 400


def test_the_configuration(web):
    web = web(settings={"env": {"A": "b"}})
    assert web.ask("PATCH", "/api/config", {"hostname": "kiesel", "env": {"A": "c"}}).status == 204
    found = web.get("/api/config").json
    assert found["hostname"] == "kiesel" and found["env"] == {"A": "c"} and found["login_ms"] == 20
    assert json.loads(web.board.run("cat /etc/system.conf")[0])["hostname"] == "kiesel"
    refused = web.ask("PATCH", "/api/config", {"hostname": "other", "env": {"TZ": "CET-1CEST"}})
    assert refused.status == 400 and "when CEST begins and ends is missing" in refused.json["error"]
    assert web.get("/api/config").json["hostname"] == "kiesel"
    assert web.ask("PATCH", "/api/config", {"hostname": None}).status == 204
    assert "hostname" not in web.get("/api/config").json
    names = ("", "a b", "-a", "a-", "a.b", "ümlaut", "x" * 33, "a\nb", "a/b", "${x}")
    for name in names[1:]:
        assert web.board.run(f"hostname -- {name!r}")[1] == 1
        assert web.ask("PATCH", "/api/config", {"hostname": name}).status == 400, name
    for path in ("/etc/shadow", "/boot.py", "/recovery.py", "/dev/zero", "/proc/x", "/tmp/../etc/shadow", "/", 5):
        assert web.ask("PATCH", "/api/config", {"log": {"file": path}}).status == 400, path
    assert web.ask("PATCH", "/api/config", {"log": {"file": "/var/log/x", "level": "info"}}).status == 204
    for body in ({"auth": "none"}, {"login": False}, {"hostname": 5}, {"env": []}, {"other": 1}):
        assert web.ask("PATCH", "/api/config", body).status == 400, body


def test_settings_that_nobody_could_use_are_refused(web):
    web = web()
    wrong = [
        ("httpd", {"port": "x"}),
        ("httpd", {"port": 65_536}),
        ("httpd", {"clients": 0}),
        ("httpd", {"clients": True}),
        ("httpd", {"hosts": "x"}),
        ("telnetd", {"sessions": -1}),
        ("telnetd", {"bind": 5}),
        ("ftpd", {"stall": "x"}),
        ("ftpd", {"idle": 9_000_000}),
        ("ftpd", {"passive": [1]}),
        ("ftpd", {"passive": ["x", 1]}),
        ("ftpd", {"readonly": 0}),
        ("log", {"size": "x"}),
        ("log", {"keep": -1}),
        ("env", {"PATH": [1]}),
        ("env", {"a b": "c"}),
        ("env", {"1a": "c"}),
        ("env", {"": "c"}),
        ("alias", {"ls": [1]}),
    ]
    for name, value in wrong:
        answer = web.ask("PATCH", "/api/config", {name: value})
        assert answer.status == 400 and answer.json["error"].startswith(f"{name}: {next(iter(value))}: "), (name, value)
    right = {
        "httpd": {"port": 8080, "clients": 4, "hosts": ["x.example"]},
        "ftpd": {"passive": [13333, 16], "stall": 30, "readonly": True, "later": {}},
        "log": {"file": "/var/log/x", "level": "info", "size": 9999, "keep": 0},
        "env": {"A_1": "x", "n": 5, "f": 1.5},
        "alias": {"ll": "ls -l"},
    }
    assert web.ask("PATCH", "/api/config", right).status == 204
    found = web.get("/api/config").json
    assert {name: found[name] for name in right} == right


def test_a_password_is_changed(web):
    web = web()
    assert web.ask("PUT", "/api/users/root", {"password": "neues1"}).status in (401, 403)
    assert web.ask("PUT", "/api/users/root", {"password": "neues1", "current": "falsch"}).status == 401
    assert web.ask("PUT", "/api/users/root", {"password": "neues1", "current": "geheim"}).status == 204
    assert web.login("neues1")[0].status == 200 and web.login("geheim")[0].status == 401


def test_the_board_restarts(web):
    web = web()
    assert web.ask("POST", "/api/power", {"action": "explode"}).status == 400
    assert web.ask("POST", "/api/power", {"action": "reboot"}).status == 202
    web.board.console.expect("$: ")
    assert web.board.run("uhttpd status")[1] == 1


def test_what_is_not_there(web):
    web = web()
    for path in ("/api/", "/api/none", "/api/status/more", "/api"):
        answer = web.get(path)
        assert answer.status == 404
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "X"):
        answer = web.ask(method, "/api/status")
        assert answer.status == 405 and answer.headers["Allow"] == "GET"
    assert web.get("/api/none").json == {"error": "no such resource"}


def test_metrics_are_what_prometheus_reads(web):
    answer = web().get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    values = {}
    for family in text_string_to_metric_families(answer.text):
        assert family.type in ("gauge", "counter") and family.documentation.endswith("."), family
        assert re.fullmatch(r"diatom_[a-z_]+", family.name)
        (sample,) = family.samples
        values[sample.name] = sample.value
        assert (sample.name == family.name + "_total") == (family.type == "counter")
    assert len(values) >= 9 and answer.text.endswith("\n")
    assert values["diatom_memory_free_bytes"] > 0 and values["diatom_info"] == 1 and values["diatom_processes"] >= 3


# --- its description


def test_the_description_names_everything_that_there_is(web):
    web = web()
    found = web.get("/api/openapi.json", auth=False).json
    assert found["openapi"].startswith("3.1")
    for path, item in found["paths"].items():
        path = re.sub(r"\{(pid|gpio)\}", "1", path).replace("{name}", "none")
        verbs = {verb.upper() for verb in item if verb != "parameters"}
        answer = web.ask("TRACE", path)
        if path == "/api/openapi.json":
            continue
        assert answer.status == 405, path
        assert set(answer.headers["Allow"].split(", ")) == verbs, path
        asked = web.ask("OPTIONS", path)
        assert asked.status == 204 and asked.headers["Allow"] == answer.headers["Allow"], path


# Exclude what ends the server, changes its users or settings, or runs arbitrary commands.
GUESSED = (
    ("GET", "/api/(status|session|users|log|config|processes|jobs|services|gpio|camera|terminal$|openapi)"),
    ("PUT", "/api/gpio"),
    ("PATCH", "/api/camera"),
    ("POST", "/api/login"),
    ("DELETE", "/api/terminal/"),
)


@pytest.mark.slow(40)
def test_the_description_is_true(web):
    """schemathesis generates good and bad requests from the description, and checks the responses against it."""
    import hypothesis
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    promises = [not_a_server_error, checks.status_code_conformance, checks.content_type_conformance]
    promises += [checks.response_schema_conformance, checks.response_headers_conformance]
    promises += [checks.negative_data_rejection, checks.positive_data_acceptance, checks.missing_required_header]
    promises += [checks.unsupported_method]  # and not ignored_auth: after so many wrong passwords nobody comes in
    web = web()
    schema = schemathesis.openapi.from_dict(web.get("/api/openapi.json").json)
    schema.config.update(base_url=web.url)
    checked = 0
    for method, paths in GUESSED:
        for result in schema.include(method=method, path_regex=paths).get_all_operations():
            operation = result.ok()
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

                def check(case):
                    headers = {} if method == "POST" else BASIC  # noqa: B023
                    response = case.call(headers=headers)
                    if response.status_code not in (414, 431):  # too long to be looked at
                        case.validate_response(response, checks=promises)

                limits = {"deadline": None, "database": None, "suppress_health_check": list(hypothesis.HealthCheck)}
                count = 4 if method == "POST" else 25  # wrong passwords take their time
                try:
                    hypothesis.settings(max_examples=count, **limits)(
                        hypothesis.given(operation.as_strategy(mode))(check)
                    )()
                except (hypothesis.errors.Unsatisfiable, schemathesis.errors.InvalidSchema):
                    continue  # what takes nothing cannot be asked wrongly
                checked += 1
    assert checked >= 20
