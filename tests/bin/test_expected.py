"""Names, options and messages that users of GNU and busybox expect."""

from cases import Case, outcome, parametrize

DATES = [
    ("3 March 2024", "2024-03-03 00:00"),
    ("2024-01-31 + 3 days", "2024-02-03 00:00"),
    ("2024-01-31 +1 month", "2024-03-02 00:00"),
    ("2024-01-31 - 1 month", "2023-12-31 00:00"),
    ("2024-02-29 +1 year", "2025-03-01 00:00"),
    ("2024-03-10 - 40 days", "2024-01-30 00:00"),
    ("20240131", "2024-01-31 00:00"),
    ("21-Nov-2026", "2026-11-21 00:00"),
    ("2024-01-31 10:00 +0200 + 1 day", "2024-02-01 08:00"),
]

CASES = [
    Case(
        "version-of-programs",
        "for p in ls cat dd expr find nohup sh tar awk; do $p --version; done | sed 's/[0-9.]*$//' | uniq -c | wc -l; ls --version",
        "",
        "9\nls (Diatom) 0.1.0\n",
    ),
    Case(
        "not-found-suggests",
        "{ nano; vim; poweroff; ip; python3; ll; nosuch; } 2>&1 | sed 's/.*: //'; nano 2> /dev/null",
        "",
        "not found; try edit\nnot found; try vi\nnot found; try deepsleep\nnot found; try ifconfig\nnot found; try python\n"
        "not found; try ls -l\nnot found\n",
        127,
    ),
    Case(
        "free-units",
        "b=$(free -b | awk '/Mem/ {print $2}'); k=$(free -k | awk '/Mem/ {print $2}'); echo $((b / 1024 - k))\n"
        "free -m | awk '/Mem/ {print ($2 > 0.1 && $2 < 9)}'; free -h | grep -c 'Memory.*K'",
        "",
        "0\n1\n1\n",
    ),
    Case("ps-columns", "ps -o pid=,comm= -p 1; ps -p 1 -o pid,comm,tty; ps -o nosuch 2>&1 | head -1",
         "", "1 kernel\nPID COMMAND TTY\n  1 kernel  ?\nps: nosuch: unknown field\n"),
    Case("tar-into-nothing", "echo > f; tar cf a.tar f; tar xf a.tar -C nosuch; echo $?; tar -C nosuch -cf b.tar f; ls",
         "", "2\na.tar\nf\n"),
    Case("printf-of-a-byte", "printf %c%c äb xy | od -An -tx1; kill -NOSUCH 1 2>&1 | sed 's/.*kill/kill/'; fc 2>&1 | sed 's/.*fc/fc/'", "",
         " c3 78\nkill: NOSUCH: invalid signal specification\nfc: history is not enabled\n"),
    Case("reset-repairs-the-terminal", "reset | od -An -c | head -c 12; pwd", "", " 033   c 033/tmp/case/d\n"),
]  # fmt: skip
CASES += [Case(f"date-{text}", f"date -u -d '{text}' '+%F %H:%M'", "", then + "\n") for text, then in DATES]


@parametrize(CASES)
def test_case(sim, case):
    output, status = outcome(sim, CASES, case)
    assert (output, status) == (case.stdout, case.status)


def test_days_of_the_week_count_from_today(sim):
    result = sim(
        "for d in monday tuesday wednesday thursday friday saturday sunday; do\n"
        'n=$(date -d "next $d" +%s) t=$(date -d $d +%s) l=$(date -d "last $d" +%s)\n'
        'a=$(( (t - $(date -d today\\ 00:00 +%s)) / 86400 )); test $a -ge 0 -a $a -lt 7 || echo "$d is $a days ahead"\n'
        'test $((n - l)) -eq $((a ? 604800 : 1209600)) || echo "$d: $l $t $n"\n'
        "date -d 'tomorrow noon' +%T; done | uniq -c"
    )
    assert result.stdout == "      7 12:00:00\n"
