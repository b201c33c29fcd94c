"""timeout: a command's time limit, and what is left of it."""

from cases import Case, outcome, parametrize

CASES = [
    Case("in time", "timeout 9 true; echo $?; timeout 9 false; echo $?; echo hi | timeout 9 cat", stdout="0\n1\nhi\n"),
    Case("too late", "timeout .1 sleep 9; echo $?; timeout -s INT .1 sleep 9; echo $?", stdout="124\n124\n"),
    Case("its own status", "timeout -p .1 sleep 9; echo $?; timeout -s KILL .1 sleep 9; echo $?", stdout="143\n137\n"),
    Case("kill", "timeout -v -k .1 .1 sh -c 'trap \"\" TERM; while :; do sleep 9; done' 2>&1; echo $?",
         stdout="timeout: sending signal TERM to command 'sh'\ntimeout: sending signal KILL to command 'sh'\n137\n"),
    Case("no limit", "timeout 0 echo never; timeout 0.001m sleep 0; echo $?", stdout="never\n0\n"),
    Case("nothing stays", "timeout 9 sleep 9 & sleep .1; kill $!; wait $!; echo $?; pidof sleep", stdout="143\n", status=1),
    Case("bad input", "for a in '' 'x true' '1' '-z 1 true' '-k x 1 true' '1 nosuch'; do timeout $a 2> /dev/null; echo $?; done",
         stdout="125\n125\n125\n125\n125\n127\n"),
]  # fmt: skip


@parametrize(CASES)
def test_timeout(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)
