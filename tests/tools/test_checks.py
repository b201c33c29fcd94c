"""ruff finds nothing, and the tree uses only what MicroPython's ports have."""

import os
import subprocess
import sys

import pytest
from harness import ROOT

from simulator import environment

BOARD_CODE = [name for name in ("lib", "bin", "opt") if any((ROOT / name).rglob("*.py"))] + ["boot.py", "main.py"]

# Reports of mypy to ignore: mistakes in the stubs themselves, and attributes of a `proc = None`
# (or the like) that another module sets.
NOT_OURS = (".venv/", '"None" has no attribute', "Found ", ": note: ")


def findings(*command, **variables):
    """What a checker prints."""
    command = [sys.executable, "-m", *command]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, **variables})
    assert run.returncode in (0, 1), run.stdout + run.stderr
    return (run.stdout + run.stderr).splitlines() if run.returncode else []


def report(lines):
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


def test_ruff_finds_nothing():
    report(findings("ruff", "check", "--quiet", "--output-format=concise"))


def test_files_are_formatted():
    report(findings("ruff", "format", "--check", "--quiet", "--output-format=concise"))


@pytest.mark.parametrize("port", environment.PORTS)
def test_names_exist_on_the_port(port):
    stubs = environment.stubs(port)
    assert os.path.isdir(stubs), "no stubs: start ./tools/test, which installs them"
    options = ["--custom-typeshed-dir", stubs, "--cache-dir", f".mypy_cache/{port}"]
    lines = findings("mypy", *options, *BOARD_CODE, MYPYPATH=stubs)
    report([line for line in lines if not any(mark in line for mark in NOT_OURS)])
