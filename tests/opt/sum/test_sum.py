"""sum: the package of that name."""

from cases import Case, outcome, parametrize

CASES = [
    Case("bsd", "echo hello > h; sum h; sum < h; seq 1000 | sum", "", "36979     1 h\n36979     1\n20029     4\n"),
    Case("system-v", "echo hello > h; sum -s h", "", "542 1 h\n"),
    Case("missing", "sum nosuch 2>&1", "", "sum: nosuch: No such file or directory\n", 1),
]


@parametrize(CASES)
def test_sum(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)
