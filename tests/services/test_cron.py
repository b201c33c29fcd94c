"""cron: crontab schedules repeated commands, at single ones, and crond runs both."""

import calendar
import re
import time

import pytest

SOME = "@reboot echo booted\\n61 * * * * x\\n* * * *\\n@every x y\\n@never x\\nA=b\\n@every 1s echo tick $A\\n"

# Commands that wait until the log has a line, and print it without the time and the name.
WAIT = (
    'shown() { until dmesg | grep "$1" > /tmp/found; do sleep .05; done; x=$(tail -n 1 /tmp/found); echo "${x#*crond: }"; }\n'
    "start() { service start crond; while crontab -l | crontab - 2>&1 | grep -q 'is not running'; do sleep .05; done; }\n"
)


def test_a_time_zone_that_is_none_is_named(sim):
    result = sim(
        "printf 'TZ=Europe/Berlin\\n@hourly a\\nTZ=Europe/Berlim\\n@daily b\\n@daily c\\n' | crontab -; echo $?"
    )
    assert result.stdout == "1\n" and result.stderr.splitlines()[:-1] == [
        "crontab: -: TZ: Europe/Berlim is none of the places that are known, such as Europe/Berlin"
    ]


def test_lines_that_make_no_sense_are_named_and_the_others_run(sim):
    result = sim(
        WAIT + f"printf '{SOME}' | crontab -; echo $?; crontab -l | wc -l; service start crond\n"
        "shown booted; shown tick; dmesg | grep -c '/etc/crontab: line'"
    )
    assert [line.removeprefix("crontab: -: ") for line in result.stderr.splitlines()] == [
        "line 2: minute 61: not 0 to 59",
        "line 3: expected five fields and a command",
        "line 4: time out of range (1s to 31d): x",
        "line 5: unknown time: @never",
        "crontab: crond is not running; use service start crond",
    ]
    lines = [re.sub(r"[\d.]+ s", "0 s", line) for line in result.stdout.splitlines()]
    assert lines == [
        "1",
        "7",
        "line 1: echo booted: status 0, 0 s: booted",
        "line 7: echo tick $A: status 0, 0 s: tick b",
        "4",
    ]


def test_a_failure_and_its_message_are_one_line_of_the_log(sim):
    result = sim(
        WAIT
        + "echo '@every 1s ls /nosuch; exit 3' | crontab -; service start crond; shown 'status 3'; dmesg -l warning | wc -l"
    )
    assert re.match(r"line 1: .*: status 3, [\d.]+ s: ls: /nosuch: No such file or directory\n1\n", result.stdout)


def test_what_still_runs_is_not_started_again(sim):
    result = sim(
        WAIT + "echo '@every 1s sleep 9' | crontab -; service start crond; shown 'still running'; pidof sleep | wc -w"
    )
    assert result.stdout == "line 1: sleep 9: still running, not started again\n1\n"


def test_a_changed_table_is_taken_at_once(sim):
    result = sim(
        WAIT + "echo '@every 1h echo old' | crontab -; start; echo '@every 1s echo new' | crontab -; shown new\n"
        "crontab -r; crontab -l"
    )
    assert result.stdout.startswith("line 1: echo new: status 0")
    assert result.stderr == "crontab: crond is not running; use service start crond\ncrontab: no crontab\n"


def test_what_was_missed_while_the_board_was_off_runs_once(sim):
    minute = int(time.time()) // 60
    due = time.gmtime((minute - 30) * 60)
    far = time.gmtime((minute + 30) * 60)
    sim(
        f"printf '{due.tm_min} {due.tm_hour} * * * echo missed\\n{far.tm_min} {far.tm_hour} * * * echo not yet\\n' | crontab -\n"
        f"echo {minute - 60} > /var/crond; service enable crond"
    )
    result = sim(WAIT + "shown missed; sleep .2; dmesg | grep -c 'status 0'; ls /var/crond 2> /dev/null")
    assert re.match(r"line 1: echo missed \((30|31) minutes late\): status 0, [\d.]+ s: missed\n1\n$", result.stdout)
    again = sim("sleep .5; dmesg | grep -c missed; test -s /var/crond")
    assert again.stdout == "0\n"


def test_what_was_missed_in_a_sleep_runs_once(sim):
    soon = time.gmtime(time.time() + 600).tm_min  # in the sleep, and then not for an hour
    result = sim(
        WAIT + f"echo '{soon} * * * * echo minute' | crontab -; start\n"
        # Asleep, only the hardware's clock goes on.
        "python -c 'import machine, time; t = time.gmtime(time.time() + 1200); "
        "machine.RTC().datetime((t[0], t[1], t[2], t[6], t[3], t[4], t[5], 0))'\n"
        'crontab -l | crontab -; shown minute; sleep .2; dmesg | grep -c "status 0"'
    )
    assert re.match(r"line 1: echo minute.*: status 0, [\d.]+ s: minute\n1\n", result.stdout)


def test_what_a_clock_that_is_set_leaps_over_does_not_run(sim):
    result = sim(
        WAIT + "printf '* * * * * echo minute\\n@every 1s echo second\\n' | crontab -; start\n"
        'date -s "@$(($(date +%s) + 1200))" > /dev/null; crontab -l | crontab -; shown "minutes ahead"; shown second\n'
        'dmesg | grep -c "late)"; date -s "@$(($(date +%s) - 600))" > /dev/null; crontab -l | crontab -\n'
        'sleep .3; dmesg | grep -c "has been set"'
    )
    assert result.stdout.splitlines()[0] == "the clock was set 20 minutes ahead; entries due in between are skipped"
    assert result.stdout.splitlines()[-2:] == ["0", "0"]


def test_after_the_clock_was_set_nothing_is_made_up_for(sim):
    result = sim(
        WAIT + "echo '0 0 1 1 * echo newyear' | crontab -; start\n"
        'date -s "2035-06-01 12:00" > /dev/null; crontab -l | crontab -; shown "has been set"; dmesg | grep -c "status"'
    )
    assert result.stdout == "the clock has been set; missed runs are skipped\n0\n"


DAY = calendar.timegm((2026, 11, 21, 0, 0, 0)) // 60  # a Saturday, in minutes since 1970

DUE = """
proc = None


def __main__(args):
    from services import crontab

    for fields in args:
        entry = list(crontab.parse([fields + " x"]))[0]
        found = [m for m in range(1440) if entry.last(START + m - 1, START + m)]
        print(" ".join([f"{m // 60}:{m % 60:02d}" for m in found]))
        ahead = [entry.first(START + m - 1, START + 1440) - START for m in [0] + [m + 1 for m in found]]
        if ahead != found + [1440]:
            print("the way ahead:", ahead)
"""


def test_the_five_fields(sim):
    cases = {
        "*/15 8-9,20 * * *": "8:00 8:15 8:30 8:45 9:00 9:15 9:30 9:45 20:00 20:15 20:30 20:45",
        "5 */12 * nov sat": "0:05 12:05",
        "5 * * jan *": "",
        "5 6 * * mon-fri": "",
        "30 12 21 nov *": "12:30",
        "0 0 31 * 6": "0:00",  # one of day and weekday is enough
        "0 6 * * 7": "",
        "1,3-5 0 * * *": "0:01 0:03 0:04 0:05",
        "50/5 1 * * *": "1:50 1:55",
    }
    words = " ".join(f"'{fields}'" for fields in cases)
    result = sim(f"cat > /tmp/due.py <<'EOF'{DUE.replace('START', str(DAY))}EOF\n/tmp/due.py {words}")
    assert result.stderr == ""
    assert dict(zip(cases, result.stdout.split("\n"), strict=False)) == cases


def test_at_runs_a_command_once(sim):
    result = sim(
        WAIT + "service start crond; cd /etc; at +1h 'pwd | tr a-z A-Z' 2> /dev/null; at -l | wc -l; at -c 1; at -r 1\n"
        "at +1s 'pwd | tr a-z A-Z' 2> /dev/null; shown 'at job'; at -l; ls /var/at"
    )
    lines = result.stdout.splitlines()
    assert lines[:3] == ["1", "cd /etc", "pwd | tr a-z A-Z"]
    assert re.fullmatch(r"at job \d: pwd \| tr a-z A-Z: status 0, [\d.]+ s: /ETC", lines[3])
    assert lines[4:] == []


def test_the_jobs_of_at_are_listed_and_removed(sim):
    result = sim(
        "at noon tomorrow true; echo 'echo later' | at 2035-01-02 03:04; at -l | cut -f2; at -r 1; at -l | wc -l; at -r 7"
    )
    assert result.stdout.splitlines()[1:] == ["Tue Jan  2 03:04:00 2035", "1"]
    errors = result.stderr.splitlines()
    assert errors[0].startswith("job 1 at ") and errors[0].split()[6] == "12:00:00"
    assert errors[1] == "at: crond is not running; use service start crond"
    assert errors[-1] == "at: 7: no such job"


@pytest.mark.parametrize(
    "command, error",
    [
        ("crontab", "crontab: expected -l, -e, -r or FILE"),
        ("crontab -l", "crontab: no crontab"),
        ("crontab /nosuch", "crontab: /nosuch: No such file or directory"),
        ("head -c 20000 /dev/zero | crontab -", "crontab: -: longer than 16384 bytes"),
        ("printf '\\377' | crontab -", "crontab: -: not a text file"),
        ("printf '* * * * 9 x' > /tmp/t; crontab -T /tmp/t", "crontab: /tmp/t: line 1: weekday 9: not 0 to 7"),
        ("printf '*/0 * * * * x' > /tmp/t; crontab -T /tmp/t", "crontab: /tmp/t: line 1: minute */0: not a step: 0"),
        ("printf '5-1 * * * * x' > /tmp/t; crontab -T /tmp/t", "crontab: /tmp/t: line 1: minute 5-1: 1 is before 5"),
        ("at", "at: missing TIME"),
        ("at 25:00 x", "at: 25:00: invalid time"),
        ("at 2020-01-01 10:00 x", "at: 2020-01-01 10:00: in the past"),
        ("at 2035-02-30 10:00 x", "at: 2035-02-30: invalid date"),
        ("at noon < /dev/null", "at: no commands"),
    ],
)
def test_wrong_use(sim, command, error):
    result = sim(command)
    assert result.stderr.splitlines()[0] == error
    assert result.status in (1, 2)
