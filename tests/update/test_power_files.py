"""Power cuts while a program changes a setting: it is the old or the new one, and the board boots."""

import os
import random

import pytest
from harness import ROOT

from update.releases import POWER_CUT, fresh

SAMPLE = 5  # points of each case, without EVERY_POINT in the environment

# name, what is done before, the change, what shows it
CASES = (
    ("passwd", ":", "printf 'secret\\nsecret\\n' | passwd root", "passwd -S root"),
    ("useradd", ":", "useradd ann", "useradd"),
    ("crontab", "echo '1 * * * * a' | crontab -", "echo '2 * * * * b' | crontab -", "crontab -l"),
    ("hostname", "hostname one", "hostname two", "hostname"),
    ("wifi", "wifi add one secret-one", "wifi add two secret-two", "wifi list"),
    ("service", ":", "service enable crond", "service status crond | grep boot"),
)


@pytest.fixture(scope="session")
def boots(tmp_path_factory):
    """A board that boots quickly; tests take copies."""
    return fresh(tmp_path_factory.mktemp("power") / "board.img", ROOT, kind="romfs")


def shown(board, look):
    """What the board shows, which it must."""
    run = board.run(f"{look} 2>&1; echo prompt")
    assert run.stdout.endswith("prompt\n"), run.stdout + run.stderr
    return run.stdout


@pytest.mark.slow
@pytest.mark.parametrize("prepare, change, look", [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_setting_is_the_old_or_the_new_one(boots, tmp_path, prepare, change, look):
    board = boots.copy(tmp_path / "before.img")
    assert board.run(prepare).returncode == 0
    before = shown(board, look)
    whole = board.copy(tmp_path / "whole.img")
    run = whole.run(change, "--count-writes")
    assert run.returncode == 0, run.stderr
    after = shown(whole, look)
    assert after != before
    writes = int(run.stderr.rsplit("writes: ", 1)[1].split()[0])
    points = [f"{n}{torn}" for n in range(1, writes + 1) for torn in ("", ":torn")]
    if not os.environ.get("EVERY_POINT"):
        points = random.sample(points, min(SAMPLE, len(points)))
    for point in points:
        cut = board.copy(tmp_path / "cut.img")
        assert cut.run(change, "--cut-power-at", point).returncode == POWER_CUT, point
        assert shown(cut, look) in (before, after), point
        cut.run(change)
        assert shown(cut, look) == after, point
