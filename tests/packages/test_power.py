"""Power cuts during pkg: the board boots, every file is complete or missing, and the same command finishes."""

import json
import os
import random

import pytest
from harness import ROOT

from packages.conftest import GREET
from update.releases import POWER_CUT, fresh

SAMPLE = 6  # points of each case, without EVERY_POINT in the environment

PATHS = ("/bin/greet.py", "/libx/greeting.py", "/libx/words.py", "/opt/greet/notes")

# name, preparation, the command; the proof that it is complete
CASES = (
    ("install", ":", "pkg install greet", "pkg list; greet"),
    ("update", "cp /mnt/release/old.conf /etc/system.conf; pkg install greet", "pkg update", "pkg list; greet"),
    ("remove", "pkg install greet", "pkg remove greet greeting", "pkg list; ls -A /opt"),
)


@pytest.fixture
def board(shelf, tmp_path):
    """A board with the settings for packages; the shelf has the newer ones, shelf/older what was there before."""
    older = type(shelf)(tmp_path / "shelf" / "older")
    older.add("greeting", "1.0.0", {"libx/greeting.py": "text = 'hello'\n"})
    older.add("greet", "1.0.0", {"bin/greet.py": GREET, "opt/greet/notes": "none\n"}, ["greeting"])
    shelf.add("greeting", "1.1.0", {"libx/greeting.py": "from words import text\n", "libx/words.py": "text = 'hi'\n"})
    shelf.add("greet", "1.1.0", {"bin/greet.py": GREET + "# 1.1\n"}, ["greeting"])
    for name, place in (("new", "/mnt/release"), ("old", "/mnt/release/older")):
        (shelf.place / f"{name}.conf").write_text(json.dumps({"pkg": {"url": place, "unsigned": True}}))
    board = fresh(tmp_path / "board.img", ROOT, shelf.place, kind="romfs")
    assert board.run("mkdir -p /local").returncode == 0
    return board


def content(shelf):
    """{path: the hashes that it may have}"""
    found = {path: {None} for path in PATHS}
    for index in (shelf.place / "packages.json", shelf.place / "older" / "packages.json"):
        for package in json.loads(index.read_text())["packages"]:
            for path, _, _, digest in package["files"]:
                found["/" + path].add(digest)
    return found


@pytest.mark.slow
@pytest.mark.timeout(3600 if os.environ.get("EVERY_POINT") else 600)
@pytest.mark.parametrize("before, command, look", [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_packages(board, shelf, tmp_path, before, command, look, record_property):
    may_be = content(shelf)
    new = "cp /mnt/release/new.conf /etc/system.conf"
    run = board.run(f"{new}; {before}; {new}")
    assert run.returncode == 0, run.stderr
    whole = board.copy(tmp_path / "whole.img")
    run = whole.run(command, "--count-writes")
    assert run.returncode == 0, run.stderr
    writes = int(run.stderr.rsplit("writes: ", 1)[1].split()[0])
    after = whole.run(look).stdout
    points = [f"{n}{torn}" for n in range(1, writes + 1) for torn in ("", ":torn")]
    record_property("points", len(points))
    if not os.environ.get("EVERY_POINT"):
        points = random.sample(points, min(SAMPLE, len(points)))
    for point in points:
        cut = board.copy(tmp_path / "cut.img")
        assert cut.run(command, "--cut-power-at", point).returncode == POWER_CUT, point
        found = cut.files(PATHS)
        for path in PATHS:
            assert found[path] in may_be[path], (point, path)
        run = cut.run(f"{command}; {look}")
        assert run.stdout.endswith(after), (point, run.stdout, run.stderr)
        left = cut.run("find /bin /libx /opt /local -name '.*.new~'").stdout
        assert left == "", (point, left)
