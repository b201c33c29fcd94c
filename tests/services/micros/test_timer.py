"""Entries of crontasks run at their seconds, for days of virtual time."""

import pytest

MODULE = """
from time import time
seen = []
def note(name):
    seen.append("%s %d" % (name, time() % 86400))
def all():
    return " ".join(seen)
"""


def test_entries_run_while_the_service_does(node):
    node = node({"LM_it.py": MODULE}, {"cron": True, "crontasks": "*:*:*:*!it note every;*:26:0:0!x y"})
    node.board.wait("lm it all", "every")
    assert "crontasks: invalid field: 26" in node.board.run("dmesg")[0]
    node.board.run("service stop micros; service start micros")
    node.board.wait("lm it all", "every")


@pytest.mark.slow
def test_three_days(sim, port_offset, tmp_path):
    """None is missed or doubled, over four midnights and a change to summer time, while a task runs."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "LM_it.py").write_text(MODULE)
    entries = "*:*:0:0!it note hour;*:2:30:0!it note night;0-6:23:59:59!it note late;sunrise!it note sun"
    conf = (
        '{"login_ms": 20, "env": {"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"}, "micros": {"auth": false, "cron": true, '
        f'"latitude": "52.5", "longitude": "13.4", "crontasks": "{entries}"}}}}'
    )
    script = (
        f"mkdir -p /local; cp -r /mods /local/modules; echo '{conf}' > /etc/system.conf; date -s '2026-03-27 22:30:10' > /dev/null\n"
        "> import simulator; simulator.set('time.skip', True)\n"
        "service start micros; lm it note begin > /dev/null; lm system heartbeat '&&600000' > /dev/null\n"
        "sleep 259200; lm it all; lm task list"
    )
    options = {"mount": f"{tmp_path}/modules:/mods", "set": "time.skip=false", "env": {"TZ": "UTC0"}}
    result = sim(script, heap="645k", port_offset=port_offset, **options)
    assert result.stderr == ""
    seen, listing = result.stdout.split("\n", 1)
    found = {}
    words = seen.split()
    for name, second in zip(words[::2], words[1::2], strict=True):
        found.setdefault(name, []).append(int(second))
    assert len(found["hour"]) == 72 and all(second % 3600 in (0, 1) for second in found["hour"])
    assert found["night"] == [5400, 3600, 1800]  # 02:30 CET, 03:00 CEST on the day of the change, 02:30 CEST
    assert found["late"] == [82799, 82799, 79199, 79199]
    assert len(found["sun"]) == 3 and max(found["sun"]) - min(found["sun"]) < 600
    assert "Yes       system.heartbeat" in listing
