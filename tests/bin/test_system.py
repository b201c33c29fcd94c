"""Programs about the system: time, memory, processes, variables of the shell."""

import re
from datetime import datetime, timezone

import pytest
from cases import Case, outcome, parametrize

CASES = [
    Case("date-form", "date -u +%Y%m | grep -c '^20[0-9]*$'", "", "1\n"),
    Case("date-upyos", "date -d | grep -c '^[0-9][0-9]/[A-Z][a-z][a-z]/20[0-9][0-9]$'; date -t | wc -c", "", "1\n9\n"),
    Case("date-full", "date | grep -c '^[A-Z][a-z][a-z] [A-Z][a-z][a-z] [ 1-3][0-9] [0-9:]* UTC 20[0-9]*$'", "", "1\n"),
    Case("date-zone", "TZ=5:30 date +%z; TZ=CET-1 date +%Z; TZ=CET-1 date -u +%Z", "", "+0530\nCET\nUTC\n"),
    Case("date-iso", "date -I | wc -c; date -R | grep -c ' +0000$'", "", "11\n1\n"),
    Case("date-literal", "date '+a b%%'", "", "a b%\n"),
    Case("date-since-1970", "date -u -d @0; date -u -d @1.25 +%s.%2N", "", "Thu Jan  1 00:00:00 UTC 1970\n1.25\n"),
    Case("date-place", "TZ=Europe/Berlin date -d '2026-07-01 12:34'", "", "Wed Jul  1 12:34:00 CEST 2026\n"),
    Case(
        "date-two-zones",
        "TZ=America/Los_Angeles date -d 'TZ=\"Europe/Berlin\" 2018-01-04 08:00'",
        "",
        "Wed Jan  3 23:00:00 PST 2018\n",
    ),
    Case(
        "date-difference",
        "for z in Z -0800 +8 +008 +08:30; do date -u -d 2020-08-01T12:34:56$z +%T; done",
        "",
        "12:34:56\n20:34:56\n04:34:56\n12:26:56\n04:04:56\n",
    ),
    Case(
        "date-own-output",
        'export TZ=Europe/Berlin; date -d "$(date -d @1598476818)"',
        "",
        "Wed Aug 26 23:20:18 CEST 2020\n",
    ),
    Case("date-mail", "date -u -d 'Fri, 21 Nov 1997 09:55:06 -0600' -Is", "", "1997-11-21T15:55:06+00:00\n"),
    Case(
        "date-words",
        "for t in '25 dec 2001 3:00 pm' '2001-12-26 2 days ago' '2001-12-25 +90 min' 'dec 25 12:30:01 2001' 12/25/2001; do"
        " date -u -d \"$t\" '+%F %T'; done",
        "",
        "2001-12-25 15:00:00\n2001-12-24 00:00:00\n2001-12-25 01:30:00\n2001-12-25 12:30:01\n2001-12-25 00:00:00\n",
    ),
    Case("date-posix-form", "date -u -d 111014312015.30 +%FT%T", "", "2015-11-10T14:31:30\n"),
    Case("date-tomorrow", "test $(date -d tomorrow +%j) != $(date +%j) && date -d today +%F | wc -c", "", "11\n"),
    Case("date-by-form", "date -u -D '%d.%m.%Y %R' -d '3.2.2021 04:05' '+%F %T'", "", "2021-02-03 04:05:00\n"),
    Case(
        "date-of-file",
        "echo >f; date -r f +%F | wc -c; date -r none 2>&1",
        "",
        "11\ndate: none: No such file or directory\n",
        1,
    ),
    Case(
        "date-nonsense",
        "for t in x 12:61 '1 2 3' 1438053157 0x1 2026-02-30 '' 'next x' 13:00pm; do date -d \"$t\" 2>&1 | head -1; done",
        "",
        "date: x: invalid date\ndate: 12:61: invalid date\ndate: 1 2 3: invalid date\ndate: 1438053157: invalid date\n"
        "date: 0x1: invalid date\ndate: 2026-02-30: invalid date\ndate: invalid date\ndate: next x: invalid date\n"
        "date: 13:00pm: invalid date\n",
    ),
    Case(
        "date-wrong",
        "date -s 2026-02-30 2>&1 | head -1; date -s x 2>&1 | head -1; date 13010000 2>&1 | head -1; date 1 2 2>/dev/null",
        "",
        "date: 2026-02-30: invalid date\ndate: x: invalid date\ndate: 13010000: invalid date\n",
        2,
    ),
    Case("uptime", "uptime | grep -c '^[0-9:]* up 0 days, 00:0[0-9]:[0-9]*$'", "", "1\n"),
    Case("sleep", "sleep .05; sleep 0.01 0; sleep 1x 2>&1; sleep -1 2>/dev/null", "", None, 2),
    Case("sleep-missing", "sleep 2>/dev/null", "", "", 2),
    Case("free", "free | head -1; free -h | wc -l", "", "            total      used      free   largest\n4\n"),
    Case(
        "free-value",
        "free > 0; < sorted(utls.getenv('0'))",
        "",
        "['%', 'Alloc', 'Free', 'Largest', 'Stack', 'Total']\n",
    ),
    Case("df", "df / | tail -1 | grep -c '^flash .*% /$'; df -h | head -1 | wc -w", "", "1\n7\n"),
    Case("df-value", "df > 0; < type(utls.getenv('0')['free'])", "", "<class 'int'>\n"),
    Case("df-missing", "df /nosuch 2>&1", "", "df: /nosuch: No such file or directory\n", 1),
    Case("uname", "uname; uname -s; uname -n", "", "Diatom\nDiatom\nmpy-esp32\n"),
    Case("uname-all", "uname -a | wc -w | grep -c '^[5-9]'; uname -x 2>/dev/null", "", "1\n", 2),
    Case("env-show", "A=1 env | grep '^A='; env -i B=2 C=; env -", "", "A=1\nB=2\nC=\n"),
    Case("env-run", "env A='x y' B= sh -c 'echo $A$B'", "", "x y\n"),
    Case("env-unset", "export Z=1; env -u Z env | grep -c '^Z'", "", "0\n", 1),
    Case("env-words", "env echo 'a  b' '$HOME' '*' \"it's\"", "", "a  b $HOME * it's\n"),
    Case("env-status", "env A=1 false", "", "", 1),
    Case("env-missing", "env nosuchprogram 2>/dev/null", "", "", 127),
    Case("env-keeps", "env A=1 true; echo ${A-unset}", "", "unset\n"),
    Case("clear", "clear | wc -c", "", "11\n"),
    Case(
        "test-program",
        "/bin/test a = a; echo $?; /bin/test a = b; echo $?; /bin/test 1 -eq x 2>/dev/null",
        "",
        "0\n1\n",
        2,
    ),
    Case("test-value", "test -f /main.py > 0; echo $0; test -d /main.py > 0; echo $0", "", "True\nFalse\n"),
    Case("test-value-program", "/bin/test -f /main.py > 0; echo $0", "", "True\n"),
    Case("test-silent", "test -f /main.py", "", ""),
    Case(
        "test-process",
        "sleep 5 & test -p sleep; echo $?; test -p slee; echo $?; kill $!; test -p test; echo $?",
        "",
        "0\n1\n1\n",
    ),
    Case("test-protected", "test -w /boot.py; echo $?; test -w /etc/motd; echo $?", "", "1\n0\n"),
    Case("ps", "ps | head -1; ps | grep -c ' ps$'", "", "  PID  PPID S     TIME   ELAPSED   MEM COMMAND\n1\n"),
    Case("ps-one", "ps -p 1 | wc -l; ps -p 99999 | wc -l; ps -p x 2>/dev/null", "", "2\n1\n", 2),
    Case(
        "hold",
        "sleep 9 & hold $!; ps | grep -c ' H .* sleep 9$'; resume $!; ps | grep -c ' R .* sleep 9$'; kill $!",
        "",
        "1\n1\n",
    ),
    Case("hold-wrong", "hold 2>/dev/null; echo $?; hold x 2>/dev/null; echo $?; hold 1 99999 2>&1", "", None, 1),
    Case("kill-program", "sleep 9 & /bin/kill $!; wait $!", "", "", 143),
    Case(
        "kill-name",
        "sleep 9 & /bin/kill -s KILL $!; wait $!; echo $?; sleep 9 & /bin/kill -1 $!; wait $!",
        "",
        "137\n",
        129,
    ),
    Case("kill-list", "/bin/kill -l | grep -c 'HUP INT .*TERM'; /bin/kill -l 143", "", "1\nTERM\n"),
    Case("kill-dead", "/bin/kill 99999 2>&1", "", "kill: 99999: No such process\n", 1),
    Case(
        "kill-kernel",
        "/bin/kill 1 2>&1; /bin/kill -9 1 2>/dev/null; ps -p 1 | wc -l",
        "",
        "kill: 1: the kernel cannot be signalled\n2\n",
    ),
    Case("kill-wrong", "/bin/kill -NOSUCH 5 2>/dev/null; echo $?; /bin/kill 2>/dev/null", "", "1\n", 2),
    Case("killall", "sleep 9 & sleep 8 & cat /dev/null; killall sleep; wait; ps | grep -c '[s]leep'", "", "0\n", 1),
    Case(
        "killall-exact",
        "sleep 9 & killall slee 2>&1; ps | grep -c '[s]leep'; kill $!",
        "",
        "killall: slee: no process found\n1\n",
    ),
    Case("killall-signal", "sleep 9 & killall -KILL sleep; wait $!", "", "", 137),
    Case("killall-spares-the-shell", "killall sh 2>/dev/null; killall kernel 2>/dev/null; echo alive", "", "alive\n"),
    Case("wait-program", "/bin/wait 99999; echo $?; /bin/wait x 2>/dev/null", "", "127\n", 2),
    Case("watch", "watch -t .02 echo hi | head -3", "", "Every 0.02s: echo hi\nhi\nEvery 0.02s: echo hi\n"),
    Case("watch-behind", "watch echo a -t .02 | head -2", "", "Every 0.02s: echo a\na\n"),
    Case("watch-quiet", "watch -q -t .02 echo 'a  b' | head -2", "", "a  b\na  b\n"),
    Case(
        "watch-own-option",
        "watch -q -t .02 -- echo x -t 5 | head -1; watch -q -t .02 echo x -t 5 | head -1",
        "",
        "x -t 5\nx -t 5\n",
    ),
    Case("watch-line", "watch -q -t .02 'echo a | tr a b 2>/dev/null || echo b' | head -1", "", None),
    Case("watch-run", "if 5 == 5 run watch ps -t .02 | head -1", "", "Every 0.02s: ps\n"),
    Case(
        "watch-wrong",
        "watch 2>/dev/null; echo $?; watch -t x ls 2>/dev/null; echo $?; watch -z ls 2>/dev/null",
        "",
        "2\n2\n",
        2,
    ),
    Case(
        "help-program",
        "help sleep | head -2; sleep --help | head -1",
        "",
        "sleep - wait\nusage: sleep TIME...\nsleep - wait\n",
    ),
    Case("help-unknown", "help nosuch sleep 2>&1 | head -2", "", "help: nosuch: no manual\nsleep - wait\n"),
    Case("help-list", "help | grep -c '^ps  *show the processes$'; help | sort -c", "", "1\n"),
    Case("lshw", "lshw | head -3 | tail -1; lshw -f board; lshw -f nosuch 2>&1", "", None, 1),
    Case("lshw-full", "lshw -f | grep -c '^gpio:$'; lshw -f i2c | head -1", "", "1\ni2c[0]:\n"),
    Case(
        "led-wrong", "led 2>/dev/null; echo $?; led blink 0 2>/dev/null; echo $?; led on x 2>/dev/null", "", "2\n2\n", 2
    ),
    Case("wifi-wrong", "wifi 2>/dev/null || echo no; wifi sta fly 2>/dev/null || echo no", "", "no\nno\n"),
    Case("thr-test", "/opt/thr_test a .02 & sleep .2; kill $!; wait $!", "", None),
    Case("asy-test", "/opt/asy_test 1", "", "fast: 1\nasy_test: done\n"),
]


@parametrize(CASES)
def test_program(sim, case):
    stdout, status = outcome(sim, CASES, case)
    if case.stdout is not None:
        assert stdout == case.stdout
    assert status == case.status


def test_date_is_now(sim):
    before = datetime.now(timezone.utc).timestamp()
    seconds = int(sim("date +%s").stdout)
    assert before - 1 <= seconds <= datetime.now(timezone.utc).timestamp() + 1


def test_thread_example_obeys(sim):
    script = """
/opt/thr_test a .02 &
sleep .1; ps | grep thr_test; hold $!
sleep .2; echo held; sleep .2; echo on; resume $!
sleep .1; kill $!; wait $!
"""
    out = sim(script).stdout
    assert re.search(r"\d Rt .* thr_test a \.02\n", out)
    held = out.split("held\n")[1].split("on\n")[0]
    assert held == ""
    assert "a: " in out.split("on\n")[1]
    assert re.search(r"a: stopped after \d+\n$", out)


def test_two_tasks_example_obeys(sim):
    script = """
/opt/asy_test 100 &
sleep .7; hold $!
sleep .1; echo held; sleep .5; echo on; resume $!
sleep .5; killall asy_test; wait $!; echo $?
"""
    out = sim(script).stdout
    assert "fast: 1\n" in out and "slow: 1\n" in out
    assert out.split("held\n")[1].split("on\n")[0] == ""
    assert "fast: " in out.split("on\n")[1]
    assert out.endswith("143\n")


def test_watch_obeys_hold_and_kill(sim):
    script = """
watch -q -t .05 echo tick &
sleep .3; hold $!; sleep .2; echo held; sleep .3; echo on; resume $!; sleep .3; kill $!; wait $!; echo $?; sleep .3
"""
    out = sim(script).stdout
    assert out.split("held\n")[1].split("on\n")[0] == ""
    assert "tick" in out.split("on\n")[1]
    assert out.endswith("143\n")


@pytest.mark.parametrize("script", ["/etc/init.sh", "/etc/end.sh", "/etc/profile"])
def test_scripts_of_the_system_run_in_silence(sim, script):
    result = sim(f"set -u; . {script}; echo $?")
    assert (result.stdout, result.stderr) == ("0\n", "")


def test_local_init_is_run_and_exports(sim):
    sim("echo 'export GREETING hello' > /local/init.sh")
    assert sim("echo $GREETING").stdout == "hello\n"


def test_programs_of_upyos_find_their_modules(sim):
    script = r"""
export count 5 -i
cat > /tmp/old.py <<'EOF'
import utls, sdata
proc = None

def __main__(args):
    print(utls.getenv("count") + 1, repr(utls.getenv("nosuch")))
    utls.setenv("answer", 42)
    utls.setenv("flag", True)
    utls.unset("count")
    print(sdata.name, type(sdata.version), sdata.initime > 0, sdata.d0, sdata.debug, sdata.log, len(sdata.sid) > 0)
    print(sdata.board["gpio"][0]["2"], sdata.sysconfig["pfiles"], [p.cmd for p in sdata.procs if p.pid == proc.pid])
    print(utls.file_exists("/main.py"), utls.isdir("/etc"), utls.isfile("/etc"), utls.get_mode("/nosuch"))
    print(utls.date2s(86400), utls.time2s(3661), utls.time2s(90061, "e"), utls.human(1536), utls.tspaces("ab", 5, "b", "-"))
    print(utls.mac2Str(b"\x01\xab"), utls.shlex("a 'b c' \"d\" e\\ f"), utls.sha1("abc"))
    print(utls.getgpio(4), utls.getgpios("i2c", 0)["sda"], utls.protected("/boot.py"), utls.protected("/x"))
    utls.save_conf_file({"a": 1}, "/tmp/x.json")
    print(utls.load_conf_file("/tmp/x.json"), utls.MONTH[1], utls.WEEKDAY[0])
    utls.log("me", "nothing")
    sdata.upyos.run_cmd("echo run by the kernel")
    utls.outs(args, {"a": 1})
EOF
/tmp/old.py
echo $answer $flag ${count-gone}
export count 5 -i
/tmp/old.py > 0
< utls.getenv("0")["a"]
"""
    result = sim(script)
    assert result.stderr == ""
    assert result.stdout == (
        "6 ''\nDiatom <class 'str'> True None False False True\n2 ['/boot.py', '/main.py'] ['old.py']\n"
        "True True False 0\n02/1/1970 01:01:01   1d 01:01:01    1.50K ---ab\n"
        "01:AB ['a', 'b c', 'd', 'e f'] a9993e364706816aba3e25717850c26c9cd0d89d\n4 21 True False\n"
        "{'a': 1} Jan Mon\nrun by the kernel\n{'a': 1}\n42 True gone\n1\n"
    )


def test_tty_names_the_terminal(prompt):
    prompt.send("tty; tty -s && echo ye''s; tty < /dev/null\r")
    assert [line for line in prompt.expect("not a tty\r\n").split("\r\n") if line][-2:] == ["/dev/tty", "yes"]


def test_uptime_in_words_and_since_when(sim):
    """As procps's uptime -p and -s; the board's time is skipped for a day and more."""
    script = (
        "uptime -p; s=$(date +%s)\n> import simulator; simulator.set('time.skip', True)\nsleep 93790\n"
        "> import simulator; simulator.set('time.skip', False)\n"
        'uptime -p; test $(($(date -d "$(uptime --since)" +%s) - s)) -le 0 && echo since; uptime -x'
    )
    result = sim(script, set="time.skip=false")
    assert result.stdout == "up 0 minutes\nup 1 day, 2 hours, 3 minutes\nsince\n"
    assert result.stderr.startswith("uptime: -x: invalid option\nusage: uptime [-ps]\n")
