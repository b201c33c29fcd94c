"""The package factor."""

from cases import Case, outcome, parametrize

CASES = [
    Case(
        "operands-and-input", "factor 12 97 1001; echo 8 | factor", "", "12: 2 2 3\n97: 97\n1001: 7 11 13\n8: 2 2 2\n"
    ),
    Case("not-text", "printf '\\377\\n1\\n' > f; factor < f", "", "1:\n", 1),
]


@parametrize(CASES)
def test_factor(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)
