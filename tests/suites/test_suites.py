"""Third-party cases on simulated boards: a case that passed once must keep passing (unpassed.txt lists the rest)."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
import runner  # noqa: E402

REQUIRED = {("oils", "core"): 99, ("oils", "full"): 92, ("toybox", "core"): 99, ("toybox", "full"): 92}  # per cent


@pytest.fixture(scope="module")
def suites():
    """(cases, outcomes), run once; what is lost runs again alone, since a busy computer is no reason."""
    if not runner.folder():
        pytest.skip("no suites beside the checkout (../shared/suites) nor where SUITES says")
    cases = runner.load()
    outcomes = runner.run(cases)
    known = runner.unpassed()
    lost = [case for case in cases if not outcomes[case.key].passed and case.key not in known]
    outcomes.update(runner.run(lost, 1))
    return cases, outcomes


@pytest.mark.slow(75)
def test_no_case_is_lost(suites):
    cases, outcomes = suites
    known = runner.unpassed()
    lost = [f"{key}: {outcome.why}" for key, outcome in outcomes.items() if not outcome.passed and key not in known]
    assert not lost, "\n".join(lost)


@pytest.mark.slow(75)
def test_what_passes_is_not_listed(suites):
    cases, outcomes = suites
    keys = {case.key for case in cases}
    stale = [key for key in runner.unpassed() if key in keys and outcomes[key].passed]
    assert not stale, "these pass now; take them out of unpassed.txt:\n" + "\n".join(stale)


@pytest.mark.slow(75)
@pytest.mark.parametrize(("suite", "level"), REQUIRED)
def test_enough_cases_pass(suites, suite, level):
    cases, outcomes = suites
    passed = [outcomes[case.key].passed for case in cases if (case.suite, case.level) == (suite, level)]
    assert 100 * sum(passed) / len(passed) >= REQUIRED[suite, level]
