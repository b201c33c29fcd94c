"""Values in /etc/system.conf that cannot be used: each is named, and the default is used instead."""

import json

import pytest

FAULTS = [
    ({"httpd": [1]}, "httpd: wrong type"),
    ({"telnetd": 5}, "telnetd: wrong type"),
    ({"httpd": {"port": "x"}}, "httpd: port: expected a number from 1 to 65535"),
    ({"httpd": {"port": 65536}}, "httpd: port: expected a number from 1 to 65535"),
    ({"ftpd": {"port": True}}, "ftpd: port: expected a number from 1 to 65535"),
    ({"ftpd": {"passive": [3]}}, "ftpd: passive: expected the first port and the number of ports"),
    ({"ftpd": {"readonly": 1}}, "ftpd: readonly: wrong type"),
    ({"telnetd": {"idle": None}}, "telnetd: idle: expected a number from 0 to 500000"),
    ({"wifi": {"fallback": "x"}}, "wifi: fallback: expected a number from 0 to 500000"),
    ({"upgrade": {"healthy": 0}}, "upgrade: healthy: expected a number from 1 to 3600"),
    ({"pkg": {"url": 7}}, "pkg: url: wrong type"),
    ({"login_ms": "x"}, "login_ms: expected a number from 1 to 60000"),
]


@pytest.mark.parametrize("content, why", FAULTS)
def test_loadconfig_names_what_cannot_be_used(sim, content, why):
    result = sim(f"echo '{json.dumps(content)}' > /etc/system.conf; loadconfig")
    assert (result.stdout + result.stderr).strip() == f"/etc/system.conf: {why}; the default is used"


@pytest.mark.parametrize(
    "content",
    [{"wifi": {"fallback": 0.5}}, {"telnetd": {"idle": 0}}, {"ftpd": {"other": 1}}, {"mine": 3}, {"login_ms": 20}],
)
def test_what_can_be_used_or_is_not_known_is_no_fault(sim, content):
    result = sim(f"echo '{json.dumps(content)}' > /etc/system.conf; loadconfig")
    assert (result.stdout, result.stderr) == ("System configuration loaded\n", "")


@pytest.mark.parametrize(
    "name, section", [("ftpd", {"port": "x", "idle": []}), ("telnetd", 5), ("httpd", {"clients": None})]
)
def test_a_service_starts_with_the_default_and_logs_why(sim, name, section):
    """It ended with a TypeError, so that a wrong letter made a board unreachable."""
    result = sim(
        f"echo '{json.dumps({'login_ms': 20, name: section})}' > /etc/system.conf; setauth root pw pw > /dev/null\n"
        f"service start {name} > /dev/null; u{name} status | cut -d, -f1; dmesg -l warning | grep -c 'config: {name}'"
    )
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines[0] == f"{name}: running" and int(lines[1]) >= 1
