"""The table of upyOS's programs, and those programs themselves where their sources are here."""

import importlib.machinery
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from harness import PATIENCE, ROOT

TOOL = str(ROOT / "tools" / "prove-upyos")
SOURCE = os.environ.get("UPYOS", "")  # a checkout of upyOS
FEW = ("echo", "cat", "df", "curl", "wget", "lshw", "ntpupdate", "test", "ble_finder", "thr_test")


def load():
    """The tool as a module."""
    loader = importlib.machinery.SourceFileLoader("prove_upyos", TOOL)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("prove_upyos", loader))
    loader.exec_module(module)
    return module


prove = load()


def tool(*words):
    command = [sys.executable, "-I", "-S", TOOL, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)


@pytest.mark.parametrize("case", prove.cases(), ids=lambda case: case.path)
def test_every_program_has_its_line_in_the_page(case):
    assert case.commands and case.expected
    re.compile(case.expected)
    assert prove.row(case) in prove.PAGE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    "reason, output, good",
    [("", "a hello", True), ("", "bye", False), ("", "hello\nKeyError: x", False), ("", "hello\n[no end]", False)],
)
def test_what_a_program_printed_is_judged(reason, output, good):
    case = prove.Case("bin/x.py")
    case.add("=", "hello")
    assert prove.works(case, output) is good


def test_without_sources_it_says_so(tmp_path):
    assert (tool().returncode, tool(str(tmp_path)).returncode) == (2, 1)
    assert tool(str(tmp_path)).stderr == f"prove-upyos: {tmp_path}: not a directory with upyOS's sources\n"
    assert "usage: prove-upyos" in tool("-x").stderr


@pytest.mark.skipif(not (Path(SOURCE) / "lib" / "kernel.py").is_file(), reason="UPYOS names no checkout of upyOS")
@pytest.mark.parametrize("name", FEW)
def test_a_program_of_upyos_does_what_the_table_says(name):
    result = tool("-v", SOURCE, name)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout
