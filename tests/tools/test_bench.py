"""tools/bench: its output, and the calculation of figures from times. No test depends on the computer's speed."""

import json
import re
import subprocess
import sys

import pytest
from harness import ROOT

from benchmarks import reference, rounds, table
from benchmarks.groups import pico

BENCH = [sys.executable, "-I", "-S", str(ROOT / "tools" / "bench")]


def bench(*words):
    return subprocess.run([*BENCH, *words], capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def measured():
    """The JSON of the groups that take least time."""
    run = bench("--quick", "--json", "--only", "stack,boot")
    assert (run.returncode, run.stderr) == (0, "")
    return json.loads(run.stdout)


def rows(measured, group):
    return {row["name"]: row for row in measured["rows"] if row["group"] == group}


def test_json_says_what_was_measured_and_where(measured):
    assert measured["version"] == 1
    assert measured["mode"] == "quick"
    assert set(measured["host"]) == {"system", "machine", "cal_ms"}
    keys = {"group", "name", "value", "unit", "reference", "limit", "ok", "note"}
    assert all(set(row) == keys for row in measured["rows"])


def test_only_the_groups_asked_for_in_that_order(measured):
    groups = [row["group"] for row in measured["rows"]]
    assert list(dict.fromkeys(groups)) == ["stack", "boot"]
    assert groups == sorted(groups, reverse=True)


def test_the_stack_at_program_entry_keeps_its_limit(measured):
    row = rows(measured, "stack")["program entry"]
    assert row["limit"] == reference.STACK_ENTRY
    assert 0 < row["value"] <= reference.STACK_ENTRY


def test_the_stack_inside_the_shell_is_deeper_than_at_main(measured):
    stack = rows(measured, "stack")
    for room in ("in the parser", "in the interpreter"):
        assert stack[room]["value"] > stack["entry of main.py"]["value"] > 0
        assert "deepest in " in stack[room]["note"]


def test_the_boot_is_a_figure_or_says_why_not(measured):
    row = rows(measured, "boot")["CPU to the prompt"]
    assert row["note"] if row["value"] is None else row["value"] > 0


def test_ram_at_the_prompt_of_each_image():
    run = bench("--quick", "--json", "--only", "ram")
    assert (run.returncode, run.stderr) == (0, "")
    ram = rows(json.loads(run.stdout), "ram")
    assert all(ram[f"prompt, {image}"]["value"] > 0 for image in ("source", "mpy", "romfs"))
    assert ram["prompt, romfs"]["value"] < ram["prompt, source"]["value"]


def test_the_table_as_text():
    run = bench("--quick", "--only", "stack")
    assert (run.returncode, run.stderr) == (0, "")
    lines = run.stdout.splitlines()
    assert lines[1] == "stack"
    assert lines[2].split()[:4] == ["program", "entry", lines[2].split()[2], "bytes"]


@pytest.mark.parametrize("words, message", [(["--only", "nothing"], "nothing"), (["--tree", "/dev"], "/dev")])
def test_what_does_not_exist_is_named(words, message):
    run = bench(*words)
    assert run.returncode == 2
    assert message in run.stderr


@pytest.mark.parametrize(
    "value, limit, ok", [(1, 2, True), (2, 2, True), (3, 2, False), (3, None, None), (None, 2, None)]
)
def test_a_limit_is_kept_or_exceeded_or_there_is_none(value, limit, ok):
    assert table.Row("name", value, "kB", limit=limit).ok is ok


def sample(name, took, before, after, count=1):
    return [name, str(took), str(before), str(after), str(count)]


def test_a_ratio_is_the_median_of_the_rounds():
    samples = [sample("a", took, 100, 100) for took in (50, 60, 1000)]
    assert rounds.ratios(samples) == {"a": pytest.approx(0.6)}


def test_rounds_in_which_the_speed_has_changed_do_not_count():
    samples = [sample("a", 50, 100, 100), sample("a", 900, 100, 200), sample("a", 900, 200, 100)]
    assert rounds.ratios(samples) == {"a": pytest.approx(0.5)}


def test_the_cost_of_measuring_is_taken_off():
    samples = [sample(rounds.EMPTY, 10, 100, 100), sample("a", 50, 100, 100, 4)]
    assert rounds.ratios(samples) == {"a": pytest.approx(0.1)}


def test_pico_is_measured_in_its_own_time(require):
    require("node")
    run = bench("--quick", "--json", "--only", "pico")
    assert (run.returncode, run.stderr) == (0, "")
    figures = {row["name"]: row["value"] for row in json.loads(run.stdout)["rows"]}
    assert 10_000 < figures["used at the prompt"] < figures["used after the first command"] < 205_568
    assert 5 < figures["pwd, cached"] < 200
    assert figures["commands that lacked memory"] == 0
    assert 1_000 < figures["names"] < 10_000
    assert figures["deepest C stack"] <= 7168


def test_figures_of_a_firmware_that_is_elsewhere_are_kept_and_shown(tmp_path, monkeypatch):
    monkeypatch.setattr(pico, "RESULTS", tmp_path / "pico.json")
    assert list(pico.recorded(None)) == []
    pico.record("ROMFS", ROOT, [table.Row("used at the prompt", 25344, "bytes", note="of 200000")])
    assert [row.name for row in pico.recorded("ROMFS")] == []
    (row,) = pico.recorded(None)
    assert (row.name, row.value, row.unit) == ("ROMFS: used at the prompt", 25344, "bytes")
    assert re.fullmatch("of 200000, tree [0-9a-f]{12}", row.note)
