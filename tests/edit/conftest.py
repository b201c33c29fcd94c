"""Fixtures for the editors: play keys on the board."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def keys_run(sim, tmp_path):
    """Callable: play cases in one run of the board (see keys_board.py), with options of the simulator."""

    def run(cases, **options):
        (tmp_path / "cases").write_text("".join(json.dumps(one) + "\n" for one in cases))
        mounts = [f"{Path(__file__).parent}:/mnt/t", f"{tmp_path}:/mnt/c"]
        return sim("/mnt/t/keys_board /mnt/c/cases", mount=mounts, timeout=120, **options)

    return run


@pytest.fixture
def play(keys_run):
    """Callable: the board's results for cases."""

    def play(cases, **options):
        result = keys_run(cases, **options)
        assert result.stderr == ""
        found = [json.loads(line) for line in result.stdout.splitlines()]
        assert len(found) == len(cases)
        return found

    return play
