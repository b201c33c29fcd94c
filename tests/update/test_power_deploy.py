"""Power cuts during `diatom deploy`: the board boots, every file is the old or the new one, another deploy finishes."""

import contextlib
import json
import os
import random
import subprocess

import pytest
from harness import DIATOM, PATIENCE

from remote import bundle
from remote.errors import RemoteError
from remote.link import Link
from update.releases import PATHS, POWER_CUT, SIM, fresh

SAMPLE = 5  # points of each case, without EVERY_POINT in the environment


class Deployed:
    """A board with the older tree, as a deployment has left it, and what the newer one changes."""

    def __init__(self, releases, directory, kind):
        self.kind = kind
        self.releases = releases
        self.board = fresh(directory / f"{kind}.img", releases.old, kind=kind)
        self.deploy(self.board, releases.old)
        self.paths = list(PATHS)
        if kind == "packed":
            self.paths = ["/boot.py", "/main.py", "/recovery.py", "/etc/motd"]
            self.paths += ["/" + item.path for item in bundle.items(str(releases.new), kind) if "/packed/" in item.path]
        self.before = self.board.files(self.paths)
        after = self.board.copy(directory / f"{kind}-after.img")
        self.writes = self.deploy(after, releases.new, "--count-writes")
        self.after = after.files(self.paths)

    def deploy(self, board, tree, *words):
        """Deploy a tree to a board; return the number of writes if words ask for it. AssertionError if that fails."""
        with Running(board, *words) as running:
            status, said = running.deploy(self.kind, tree)
            assert status == 0, said
        return running.writes

    def attempt(self, point, image):
        """Cut the power at one point."""
        board = self.board.copy(image)
        with Running(board, "--cut-power-at", point) as running:
            status, said = running.deploy(self.kind, self.releases.new)
            if status:  # else it had less to write this time, and has come to its end
                assert running.process.wait(PATIENCE) == POWER_CUT, said
        found = board.files(self.paths)
        for path in self.paths:
            assert found[path] in (self.before[path], self.after[path]), path
        self.deploy(board, self.releases.new)
        assert board.files(self.paths) == self.after, "not finished"


class Running:
    """A board with its console on a pseudo terminal."""

    def __init__(self, board, *words):
        command = [*SIM, "--flash", str(board.image), "--pty", "--quiet-boot", "--heap", "450k", *words]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)
        self.pty = self.process.stdout.readline().strip()
        self.writes = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:  # its power is switched off in order, so that it tells how often it has written
            with contextlib.suppress(RemoteError):  # a cut may come first
                link = Link(self.pty, 115200)
                link.enter()
                link.exec_raw_no_follow("import power\npower.off(0)\n")
                link.in_raw_repl = False
                link.close()
        _, errors = self.process.communicate(timeout=PATIENCE)
        if "writes: " in errors:
            self.writes = int(errors.rsplit("writes: ", 1)[1].split()[0])

    def diatom(self, *words):
        command = [*DIATOM, "-b", "pty:" + self.pty, *words]
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)

    def deploy(self, kind, tree):
        """(status, what it says)"""
        run = self.diatom("deploy", "--as", kind, "--tree", str(tree), "--no-reset", "--json")
        if run.returncode == 0:
            assert json.loads(run.stdout)["as"] == kind
        return run.returncode, run.stdout + run.stderr


@pytest.mark.slow(60)
@pytest.mark.timeout(3600 if os.environ.get("EVERY_POINT") else 600)
@pytest.mark.parametrize("kind", ["source", "packed"])
def test_a_deployment(releases, tmp_path, kind, record_property):
    deployed = Deployed(releases, tmp_path, kind)
    assert deployed.writes > 20
    points = [f"{n}{torn}" for n in range(1, deployed.writes + 1) for torn in ("", ":torn")]
    record_property("points", len(points))
    if not os.environ.get("EVERY_POINT"):
        points = random.sample(points, SAMPLE)
    failed = []
    for point in points:
        try:
            deployed.attempt(point, tmp_path / "cut.img")
        except AssertionError as e:
            failed.append(f"write {point} of {deployed.writes}: {e}")
    assert not failed, "\n".join(failed)
