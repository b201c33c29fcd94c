"""Power cuts at every write of a change: the file is the old or the new one, and the next boot reaches a prompt."""

import pytest
from harness import copy_flash

CHANGES = {
    "append": ("echo new >> /home/f", {"old\n", "old\nnew\n"}),
    "replace": ("echo new > /home/f", {"old\n", "new\n", ""}),
    "copy over": ("echo new > /tmp/n; cp /tmp/n /home/f", {"old\n", "new\n"}),
    "move over": ("echo new > /tmp/n; mv /tmp/n /home/f", {"old\n", "new\n"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("torn", ["", ":torn"])
@pytest.mark.parametrize("name", CHANGES)
def test_a_power_cut_leaves_the_old_or_the_new_content(sim, flash, tmp_path, name, torn):
    command, contents = CHANGES[name]
    sim("echo old > /home/f")
    before = tmp_path / "before.img"
    copy_flash(flash(), before)
    writes = sim(command, count_writes=True).writes
    assert writes
    for number in range(1, writes + 1):
        copy_flash(before, flash())
        assert sim(command, cut_power_at=f"{number}{torn}").status == 99
        result = sim("cat /home/f")
        assert (result.stdout in contents, result.stderr, result.status) == (True, "", 0)
