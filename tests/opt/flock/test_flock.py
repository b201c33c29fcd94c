"""The package flock."""

from cases import Case, outcome, parametrize

CASES = [
    Case("flock-command", "flock l echo hi; flock l sh -c 'exit 3'; echo $?; flock l -c 'echo c; false'; echo $?", "", "hi\n3\nc\n1\n"),
    Case("flock-excludes", "flock l sh -c '>started; while [ ! -e done ]; do sleep 0.05; done' & while [ ! -e started ]; do sleep 0.05; done\n"
         "flock -n l echo wrong; echo $?; flock -w 0.1 -E 7 l echo wrong; echo $?; flock -n m echo other; >done; flock l echo after; wait", "",
         "1\n7\nother\nafter\n"),
    Case("flock-shares", "flock -s l flock -sn l echo both; flock -s l flock -n l echo wrong; echo $?; flock -n l flock -sn l echo wrong; echo $?", "",
         "both\n1\n1\n"),
    Case("flock-descriptor", "exec 8> l; flock 8; ( flock -n 9 || echo busy; ) 9> l; flock -u 8; ( flock -n 9 && echo free; ) 9> l; flock -n 8 && echo mine; "
         "exec 8>&-; flock -n l echo closed; flock 7 2>&1 | head -1", "",
         "busy\nfree\nmine\nclosed\nflock: 7: bad file descriptor\n"),
]  # fmt: skip


@parametrize(CASES)
def test_flock(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)
