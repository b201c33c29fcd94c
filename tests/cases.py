"""Tests of programs as data: many cases in one run of the simulator, each in an empty directory of its own."""

from dataclasses import dataclass

import pytest


@dataclass
class Case:
    """What a script prints, and its status. stdin is what it reads; standard error is looked at with 2>&1."""

    name: str
    script: str
    stdin: str = ""
    stdout: str = ""
    status: int = 0


_seen = {}  # id of a table: the output and status of each of its cases


def parametrize(cases):
    """The decorator for a test of each case."""
    return pytest.mark.parametrize("case", cases, ids=[case.name for case in cases])


def check(sim, cases, case, **options):
    """Fail unless case did what it should; the whole table runs at the first call."""
    if id(cases) not in _seen:
        _seen[id(cases)] = _run(sim, cases, **options)
    found = _seen[id(cases)].get(case.name)
    if found is None:
        pytest.fail(f"{case.name}: did not run")
    assert found[0] == case.stdout
    assert found[1] == case.status


def _run(sim, cases, **options):
    parts = ["mkdir -p /tmp/cases"]
    for case in cases:
        stdin = "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else f"\\0{byte:03o}" for byte in case.stdin.encode())
        parts.append(
            f"mkdir /tmp/cases/d; cd /tmp/cases/d; echo -ne '{stdin}' > ../in\n"
            f"(\n{case.script}\n) < ../in\n"
            f'echo "<<<{case.name} $?>>>"; cd /; rm -rf /tmp/cases/d'
        )
    result = sim("\n".join(parts) + "\n", **options)
    found = {}
    text = result.stdout
    for case in cases:
        before, mark, behind = text.partition(f"<<<{case.name} ")
        if not mark:
            pytest.fail(f"the run ended before {case.name}: {text[-500:]}\n{result.stderr[-2000:]}")
        status, _, text = behind.partition(">>>\n")
        found[case.name] = before, int(status)
    return found
