"""The settings of a micrOS node are taken over."""

import json

OLD = {
    "devfid": "lamp_1",
    "appwd": "Secret123",
    "staessid": "home;guest",
    "stapwd": "password1;password2",
    "utc": 330,
    "socport": 9100,
    "cron": True,
    "crontasks": "*:3:0:0!system clock",
    "hwuid": "micr123OS",
    "version": "3.3.1-0",
    "guimeta": "...",
    "soctout": "30",
    "colour": "blue",
    "webui": True,
}
SAID = """\
appwd: the password of clients
colour: unknown: dropped
cron: taken
crontasks: taken
devfid: the host name
guimeta: in a file of its own: dropped
hwuid: of the old node: dropped
socport: taken
soctout: not taken: wrong type
staessid: 2 networks saved for Wi-Fi
stapwd: see staessid
utc: the time zone
version: of the old node: dropped
webui: kept; nothing uses it here
"""


def test_every_key_is_said_and_taken(sim, tmp_path):
    (tmp_path / "node_config.json").write_text(json.dumps(OLD))
    script = (
        "cd /mnt/host; micros import node_config.json; cat /etc/system.conf; cat /local/wifi; hostname; wc -l < /etc/shadow; "
        "grep -c Secret123 /etc/shadow; micros import node_config.json > /dev/null; wc -l < /etc/shadow"
    )
    result = sim(script, mount=f"{tmp_path}:/mnt/host")
    assert result.stderr == "" and result.stdout.startswith(SAID)
    lines = result.stdout[len(SAID) :].splitlines()
    conf, wifi = json.loads(lines[0]), json.loads(lines[1])
    assert conf["micros"] == {
        "socport": 9100,
        "cron": True,
        "crontasks": "*:3:0:0!system clock",
        "utc": 330,
        "webui": True,
    }
    assert conf["env"]["TZ"] == "UTC-5:30"
    assert [(one["ssid"], one["key"]) for one in wifi["networks"]] == [("home", "password1"), ("guest", "password2")]
    assert lines[2:] == ["lamp-1", "1", "0", "1"]


def test_what_is_no_such_file_changes_nothing(sim, tmp_path):
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.json").write_text("[1]")
    (tmp_path / "c.json").write_text('{"appwd": "ADmin123"}')
    (tmp_path / "d.json").write_text(json.dumps({"x": "y" * 9000}))
    script = "cd /mnt/host; for f in a b c d none; do micros import $f.json; done; micros import; grep -c . /etc/shadow"
    result = sim(script, mount=f"{tmp_path}:/mnt/host")
    assert result.stderr.splitlines()[:5] == [
        "micros: a.json: invalid JSON",
        "micros: b.json: not the settings of a node",
        "micros: d.json: longer than 8192 bytes",
        "micros: none.json: No such file or directory",
        "micros: expected one file",
    ]
    assert "use `passwd micros`" in result.stdout
