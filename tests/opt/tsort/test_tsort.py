"""The package tsort."""

from cases import Case, outcome, parametrize

CASES = [
    Case("tsort", "tsort", "a b\nb c\na c\n", "a\nb\nc\n"),
    Case("circle", "tsort 2>&1", "a b\nb a\n", "tsort: -: there is a circle: b a\nb\na\n", 1),
    Case("odd", "tsort 2>&1", "a b c\n", "tsort: -: an odd number of words\n", 1),
]


@parametrize(CASES)
def test_tsort(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)


def test_a_line_that_is_too_long(sim, tmp_path):
    (tmp_path / "line").write_bytes(b"x y" * 350_000)
    result = sim("cd /mnt/t; tsort line; echo $?", mount=f"{tmp_path}:/mnt/t")
    assert (result.stdout, result.stderr) == ("1\n", "tsort: line: line too long\n")
