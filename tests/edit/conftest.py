"""Fixtures for the editors: keys that are played on the board."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def play(sim, tmp_path):
    """Callable: the results of the board for cases (see keys_board.py); with options of the simulator."""

    def play(cases, **options):
        (tmp_path / "cases").write_text("".join(json.dumps(one) + "\n" for one in cases))
        here = Path(__file__).parent
        mounts = [f"{here}:/mnt/t", f"{tmp_path}:/mnt/c"]
        result = sim("/mnt/t/keys_board /mnt/c/cases", mount=mounts, timeout=120, **options)
        assert result.stderr == ""
        found = [json.loads(line) for line in result.stdout.splitlines()]
        assert len(found) == len(cases)
        return found

    return play
