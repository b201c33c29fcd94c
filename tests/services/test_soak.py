"""Hours of services, cron and a script, in time that is skipped (tools/bench runs a whole day)."""

import pytest

from benchmarks.groups import soak
from benchmarks.simulation import Simulator

pytestmark = pytest.mark.slow(35)


def test_memory_stays_as_it_was_after_the_first_hour():
    simulator = Simulator()
    try:
        rows = {row.name: row for row in soak.measure(simulator, True)}
    finally:
        simulator.close()
    assert [name for name, row in rows.items() if row.ok is False] == []
    assert [rows[f"{name}, done"].value for name in ("http", "telnet", "ftp")] == [120, 24, 18]
