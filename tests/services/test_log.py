"""The log: logger writes it, dmesg shows it, and batches of lines go to a file that is rotated."""

import re

import pytest


def settings(text):
    """A command that writes the settings of the log into system.conf."""
    return f"printf '{{\"log\": {text}}}' > /etc/system.conf"


def test_levels_tags_and_what_comes_from_a_pipe(sim):
    result = sim(
        "logger -p err boom; logger -t door 'a\tb'; printf 'one\\n\\ntwo\\n' | logger -p user.debug; logger -p 4 four words here\n"
        "logger -i -s -t me hi; dmesg -x | tail -n 6 | cut -c1-8,18-; dmesg -l err,debug | wc -l; dmesg -n 1"
    )
    assert re.sub(r"\[\d+\]", "[PID]", result.stderr) == "me[PID]: hi\n"
    lines = [re.sub(r"me\[\d+\]", "me[PID]", re.sub(r" +", " ", line)) for line in result.stdout.splitlines()]
    assert lines[:6] == [
        "err root: boom",
        "notice door: a?b",
        "debug root: one",
        "debug root: two",
        "warning root: four words here",
        "notice me[PID]: hi",
    ]
    assert lines[6] == "3"
    assert lines[7].endswith("] me[PID]: hi")


def test_dmesg_begins_with_the_system_and_why_it_has_started(sim):
    first, second = sim("dmesg").stdout.splitlines()[:2]
    assert re.match(r"\[ +0\] kernel: Diatom \S+ on .+, MicroPython 1\.", first)
    assert second.endswith("kernel: reset cause: power on")


def test_bytes_that_are_no_text_are_logged_all_the_same(sim):
    result = sim(
        "printf 'a\\377\\000b\\n\\303\\251\\n' | logger; dmesg -n 2; logger $(printf 'x%.0s' $(seq 300)); dmesg -n 1 | wc -c"
    )
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert [line.partition("root: ")[2] for line in lines[:2]] == ["aÿ?b", "é"]
    assert int(lines[2]) < 200


def test_the_ring_keeps_the_last_lines(sim):
    lines = sim("for i in $(seq 100); do logger n$i; done; dmesg").stdout.splitlines()
    assert len(lines) < 60
    assert lines[-1].endswith("root: n100")
    assert lines[0].endswith("root: n53") or "kernel" in lines[0]


def test_the_memory_of_the_ring_is_bounded(sim):
    lines = sim("for i in $(seq 60); do logger $(printf 'x%.0s' $(seq 158)) $i; done; dmesg").stdout.splitlines()
    assert 22 <= len(lines) < 30
    assert len(lines[-1]) > 160


def test_dmesg_follows_while_old_lines_go(sim):
    script = (
        "for i in $(seq 47); do logger n$i; done; dmesg -w > /tmp/seen & until grep -q n47 /tmp/seen; do sleep .05; done\n"
        "logger last; until grep -q last /tmp/seen; do sleep .05; done; kill %1; grep -c root: /tmp/seen"
    )
    assert sim(script).stdout == "48\n"


def test_an_error_goes_to_the_file_soon_and_the_rest_at_the_end(sim):
    result = sim(
        "logger quiet; ls /var/log; logger -p err loud; until grep -q loud /var/log/messages; do sleep .1; done 2> /dev/null\n"
        "cut -d' ' -f2- /var/log/messages; logger last"
    )
    assert result.stdout == "notice root: quiet\nerr root: loud\n"
    assert sim("tail -n 1 /var/log/messages").stdout.endswith(" notice root: last\n")


def test_few_lines_do_not_wear_the_flash(sim):
    before = sim("echo", count_writes=True).writes
    few = sim("for i in 1 2 3; do logger $i; done", count_writes=True).writes - before
    many = sim("for i in $(seq 15); do logger $i; done", count_writes=True).writes - before
    assert many <= few + 4


def test_sync_writes_what_waits(sim):
    assert sim("logger now; sync; grep -c now /var/log/messages").stdout == "1\n"


def test_the_file_is_rotated_and_old_ones_go(sim):
    sim(settings('{"size": 400, "keep": 2}'))
    result = sim(
        "for i in $(seq 30); do logger line $i; sync; done; ls /var/log; cat /var/log/* | wc -c; tail -n1 /var/log/messages"
    )
    assert result.stderr == ""
    *names, size, last = result.stdout.splitlines()
    assert names == ["messages", "messages.1", "messages.2"]
    assert 400 < int(size) <= 1200
    assert last.endswith("line 30")


@pytest.mark.parametrize(
    "text, there",
    [('{"level": "err"}', "err root: b\n"), ('{"file": "/home/log"}', ""), ('{"file": ""}', ""), ('"nonsense"', None)],
)
def test_the_settings(sim, text, there):
    sim(settings(text))
    result = sim("logger a; logger -p err b; sync; cut -d' ' -f2- /var/log/messages; wc -l < /home/log")
    if there is None:
        there = "notice root: a\nerr root: b\n"
    assert result.stdout == there + ("2\n" if "home" in text else "")


@pytest.mark.parametrize(
    "wrong, why",
    [
        ('{"file": 5}', "file: wrong type"),
        ('{"size": "x"}', "size: expected a number from 1 to 1000000000"),
        ('{"keep": []}', "keep: expected a number from 0 to 9"),
        ('{"level": {}}', "level: wrong type"),
        ('{"file": "/etc"}', ""),
    ],
)
def test_wrong_settings_do_not_end_the_writer(sim, wrong, why):
    """Its task died with a traceback, and no line was written until the next boot."""
    sim(settings(wrong))
    result = sim(
        "logger -p err one; dmesg -w > /tmp/seen & sleep 3; kill $!\n"
        + settings("{}")
        + "; loadconfig > /dev/null\nlogger -p err two; until grep -q two /var/log/messages; do sleep .1; done 2> /dev/null; echo written"
    )
    said = f"kernel: /etc/system.conf: log: {why}; the default is used\n" if why else ""
    assert (result.stdout, result.stderr) == ("written\n", said)


def test_a_full_flash_does_not_stop_the_system(sim):
    result = sim(
        "while cat /bin/*.py >> /home/fill; do :; done 2> /dev/null; for i in $(seq 30); do logger $i; done; sync; echo goes on; "
        "dmesg -n 1 | tail -c 3; rm /home/fill"
    )
    assert result.stdout == "goes on\n30\n"


def test_dmesg_follows_and_forgets(sim):
    result = sim(
        "logger before; dmesg -w > /tmp/seen & p=$!; until grep -q before /tmp/seen; do sleep .05; done; logger after\n"
        "until grep -q after /tmp/seen; do sleep .05; done; kill $p; wait $p; echo $?\n"
        "dmesg -c | grep -c after; dmesg | grep -c after; logger new; dmesg -C; dmesg | grep -c new"
    )
    assert result.stdout == "143\n1\n0\n0\n"


@pytest.mark.parametrize(
    "command, error",
    [
        ("logger -p loud x", "logger: loud: not a level"),
        ("logger -f /nosuch", "logger: /nosuch: No such file or directory"),
        ("dmesg -l loud", "dmesg: loud: not a level"),
        ("dmesg x", "dmesg: x: extra operand"),
    ],
)
def test_wrong_use(sim, command, error):
    result = sim(command)
    assert result.stderr.splitlines()[0] == error
    assert result.status in (1, 2)
