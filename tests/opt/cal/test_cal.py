"""The package cal."""

from cases import Case, outcome, parametrize

CASES = [
    Case(
        "cal",
        "cal 2 2024 | sed 's/ *$//'",
        "",
        "   February 2024\nSu Mo Tu We Th Fr Sa\n             1  2  3\n 4  5  6  7  8  9 10\n11 12 13 14 15 16 17\n18 19 20 21 22 23 24\n25 26 27 28 29\n",
    ),
]


@parametrize(CASES)
def test_cal(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)
