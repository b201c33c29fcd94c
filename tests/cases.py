"""Tests of programs as data: many cases in one run of the simulator, each in its own empty directory."""

from dataclasses import dataclass

import pytest

SCRIPT_MAX = 2500  # characters of the script for one run


@dataclass
class Case:
    """A script with its expected output and status. stdin is its input; check standard error with 2>&1."""

    name: str
    script: str
    stdin: str = ""
    stdout: str = ""
    status: int = 0


_seen = {}  # (id of a table, name of a case): its output and status, or the reason why there is none


def parametrize(cases):
    """The decorator for a test of each case; the cases of a table run in one process of xdist, since they share boots."""

    def decorator(test):
        group = pytest.mark.xdist_group(f"{test.__module__}.{test.__name__}")
        return group(pytest.mark.parametrize("case", cases, ids=[case.name for case in cases])(test))

    return decorator


def outcome(sim, cases, case, script_max=SCRIPT_MAX, **options):
    """(output, status) of case. The first call also runs its neighbours in the table, as far as script_max allows."""
    if (id(cases), case.name) not in _seen:
        _run(sim, cases, cases.index(case), script_max, options)
    found = _seen[id(cases), case.name]
    if isinstance(found, str):
        pytest.fail(found, pytrace=False)
    return found


def _script(case):
    """The commands that run one case and mark its end."""
    stdin = "".join(
        chr(byte) if chr(byte).isalnum() and byte < 128 else f"\\0{byte:03o}" for byte in case.stdin.encode()
    )
    return (
        f"mkdir -p /tmp/case/d; cd /tmp/case/d; echo -ne '{stdin}' > ../in\n"
        f"(\n{case.script}\n) < ../in\n"
        f'echo "<<<{case.name} $?>>>"; cd /; rm -rf /tmp/case/d\n'
    )


def _run(sim, cases, first, script_max, options):
    script = ""
    group = []
    for case in cases[first:]:
        more = _script(case)
        if group and len(script) + len(more) > script_max:
            break
        script += more
        group.append(case)
    result = sim(script, **options)
    text = result.stdout
    for case in group:
        before, mark, behind = text.partition(f"<<<{case.name} ")
        if mark:
            status, _, text = behind.partition(">>>\n")
            _seen[id(cases), case.name] = before, int(status)
        else:
            _seen[id(cases), case.name] = f"the run ended before: {text[-300:]} {result.stderr[-700:]}"
