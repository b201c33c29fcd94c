"""Services: their definitions, their supervisor, the log."""

import re

import pytest

TICK = """
mkdir -p /local/services
cat > /bin/tick.py <<'EOF'
import asyncio

proc = None


async def __main__(args):
    print("tick of", proc.pid)
    await asyncio.sleep(60)
EOF
printf '# Ticks\\ncommand=tick\\nrestart=%s\\nlimit=2\\ndelay=0.01\\n' always > /local/services/ticker
"""


def test_a_service_starts_runs_and_stops(sim):
    result = sim(
        TICK + "service start ticker; service status ticker; service list | grep ticker; service logs ticker\n"
        "service stop ticker; echo $?; service status ticker; echo $?; pidof tick"
    )
    lines = result.stdout.splitlines()
    assert re.fullmatch(r"ticker: running, process \d+, up .*", lines[0])
    assert "  Ticks" in lines
    assert any(re.match(r"ticker +running +\d+ no ", line) for line in lines)
    assert any("tick of" in line for line in lines)
    end = lines.index("0")
    assert lines[end + 1].startswith("ticker: stopped")
    assert lines[-1] == "1"
    assert result.status == 1  # pidof finds none


def test_a_service_that_dies_is_started_again_until_its_limit(sim):
    result = sim(
        TICK + "service start ticker\n"
        "p=$(pidof tick); kill -KILL $p\n"
        "until q=$(pidof tick); do sleep .05; done; test $p != $q && echo again\n"
        "kill -KILL $q; until q=$(pidof tick); do sleep .05; done\n"
        "kill -KILL $q; until service status ticker | grep failed; do sleep .05; done\n"
        "dmesg | grep -c 'giving up'"
    )
    assert result.stdout.splitlines() == ["again", "ticker: failed, last exit status 137", "1"]


def test_start_does_not_wait_for_the_pause_before_a_restart(sim):
    result = sim(
        TICK + "printf 'command=sh -c \"test -e /tmp/mended && tick\"\\ndelay=100\\n' > /local/services/ticker\n"
        "service start ticker 2> /dev/null; service status ticker | head -n 1\n"
        "touch /tmp/mended; service start ticker; service status ticker | head -n 1\n"
        "until pidof tick > /dev/null; do sleep .05; done; pidof tick | wc -w"
    )
    lines = result.stdout.splitlines()
    assert lines[0].startswith("ticker: waiting") and lines[1].startswith("ticker: running") and lines[2] == "1"


def test_enabled_services_start_at_boot(sim):
    assert sim(TICK + "service enable ticker; service list | grep ticker").stdout.split()[7] == "yes"
    assert sim("until pidof tick > /dev/null; do sleep .05; done; service status ticker | head -n1").stdout.startswith(
        "ticker: running"
    )
    sim("service disable ticker")
    assert sim("service status ticker | head -n1").stdout.startswith("ticker: stopped")


def test_start_and_status_print_where_a_server_is_reached(sim):
    result = sim(
        "printf 'password 1\\npassword 1\\n' | passwd; service start httpd ftpd; service status httpd | tail -n 1"
    )
    lines = result.stdout.splitlines()
    assert lines[0] == "root: password changed"
    assert re.fullmatch(r"httpd: http://127\.0\.0\.1:\d+/", lines[1])
    assert re.fullmatch(r"ftpd: ftp://127\.0\.0\.1:\d+/", lines[2])
    assert lines[3].strip() == lines[1].partition(" ")[2]


def test_enable_and_disable_now(sim):
    text = "service list | grep ticker | tr -s ' ' | cut -d ' ' -f 2,4"
    result = sim(TICK + f"service enable --now ticker; {text}; service disable --now ticker; {text}")
    assert (result.stdout, result.stderr) == (
        "ticker: starts at boot\nrunning yes\nticker: does not start at boot\nstopped no\n",
        "",
    )


@pytest.mark.parametrize(
    "command, error",
    [
        ("service start nothing", "service: nothing: no such service\n"),
        ("service frob telnetd", "service: frob: unknown command\n"),
        ("service start", "service: start: missing NAME\n"),
        ("service start --now crond", "service: --now: only for enable and disable\n"),
    ],
)
def test_wrong_use(sim, command, error):
    result = sim(command)
    assert result.status
    assert result.stderr.startswith(error.split(":")[0])
    assert error.split(": ")[1] in result.stderr


def test_a_bad_definition_names_its_line_and_the_rest_is_listed(sim):
    result = sim("mkdir -p /local/services; printf 'command=x\\nfrob\\n' > /local/services/bad; service list")
    assert "line 2" in result.stderr
    assert "telnetd" in result.stdout
    assert result.status == 1


@pytest.mark.parametrize(
    "line, error",
    [
        ("limit=x", "limit: invalid number: x"),
        ("delay=0", "delay: invalid number of seconds up to 3600: 0"),
        ("delay=.", "delay: invalid number of seconds up to 3600: ."),
        ("enabled=perhaps", "not yes or no: perhaps"),
        ("colour=red", "unknown key: colour"),
        ("nothing", "no KEY=VALUE"),
    ],
)
def test_what_is_wrong_in_a_definition_is_said(sim, line, error):
    result = sim(f"mkdir -p /local/services; printf 'command=true\n{line}\n' > /local/services/bad; service start bad")
    assert result.stderr == f"service: /local/services/bad: line 2: {error}\n"
    assert result.status == 1


def test_how_services_have_ended_is_told(sim):
    result = sim(
        "mkdir -p /local/services; cd /local/services; printf 'command=true\nrestart=never\n' > once\n"
        "printf 'command=echo said; exit 3\nlimit=0\n' > fails; printf 'command=nosuch\nlimit=0\n' > missing\n"
        "service start once; service start fails; service start missing\n"
        "until service status once fails missing | grep -c 'running\\|starting' | grep -q 0; do sleep .05; done\n"
        "service status once fails missing | grep last; service logs fails | cut -d' ' -f3-; cat /proc/services | grep once"
    )
    assert "service: missing: sh: line 1: nosuch: not found\n" in result.stderr
    assert result.stdout.splitlines() == [
        "once: ended, last exit status 0",
        "fails: failed, last exit status 3",
        "missing: failed, last exit status 127",
        "info fails: starting: echo said; exit 3",
        "info fails: said",
        "err fails: exited with status 3, 1 times; giving up",
        "once ended -",
    ]
