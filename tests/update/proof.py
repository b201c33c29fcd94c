"""The proof that an update cannot brick: the power fails at a write of it, and afterwards the board must boot to a prompt.

An update is taken apart into phases, each with the state of the flash before it and what may be there after it. For every
write and erase of a phase, whole and torn: cut the power there, boot, look at the files, and do it again to its end.
"""

import os
from dataclasses import dataclass

from update.releases import NEW, OLD, PATHS, POWER_CUT, Board, fresh

UPGRADE = "upgrade -f /mnt/release/new"
STATUS = "upgrade --status"


@dataclass(frozen=True)
class Phase:
    """A part of an update."""

    name: str
    before: Board  # with the flash as it is then
    command: str  # what is done in it, at the prompt
    may_be: tuple  # the versions whose files may be there after a cut
    again: str  # what brings it to its end afterwards, at the prompt
    end: str  # the version that is there in the end
    writes: int  # of the whole phase


class Proof:
    """Boards in the states between the phases, and the points at which the power can fail."""

    def __init__(self, releases, directory):
        self.directory = directory
        self.files = {OLD: releases.sums(releases.old, PATHS), NEW: releases.sums(releases.new, PATHS)}
        for path, digest in self.files[OLD].items():
            assert digest != self.files[NEW][path], path + " is the same in both releases"
        board = fresh(directory / "board.img", releases.old, releases.directory)
        self.done(board.run("upgrade -f /mnt/release/old"))
        assert board.files() == self.files[OLD]
        self.phases = []
        both = (OLD, NEW)
        self.phase("download", board, UPGRADE, (OLD,), UPGRADE, NEW)
        self.phase("switch", board, STATUS, (NEW,), STATUS, NEW)
        trial = board.copy(directory / "trial.img")
        self.phase("another boot", board, STATUS, (NEW,), STATUS, NEW)
        self.phase(
            "confirm", trial.copy(directory / "confirmed.img"), "upgrade --confirm", (NEW,), "upgrade --confirm", NEW
        )
        # The way back: the trial is in its first boot, and somebody does not want it.
        self.phase("ask for the old one", trial, "upgrade --rollback -f", both, "upgrade --rollback -f", OLD)
        self.phase("rollback", trial, STATUS, (OLD,), STATUS, OLD)

    def phase(self, name, board, command, may_be, again, end):
        """Do a phase without a cut, and remember how."""
        before = board.copy(self.directory / (name.replace(" ", "-") + ".img"))
        run = self.done(board.run(command, "--count-writes"))
        writes = int(run.stderr.rsplit("writes: ", 1)[1].split()[0])
        self.phases.append(Phase(name, before, command, may_be, again, end, writes))

    @staticmethod
    def done(run):
        assert run.returncode == 0, run.stdout + run.stderr
        return run

    def points(self):
        """All (phase, number of the write, torn or not)."""
        return [(p, n, torn) for p in self.phases for n in range(1, p.writes + 1) for torn in (False, True)]

    def attempt(self, phase, number, torn):
        """Cut the power at one point; AssertionError where the board is not what it must be afterwards."""
        board = phase.before.copy(self.directory / ("point-%d.img" % os.getpid()))
        at = "%d:torn" % number if torn else str(number)
        run = board.run(phase.command, "--cut-power-at", at)
        assert run.returncode == POWER_CUT, "no cut: %d %s" % (run.returncode, run.stdout + run.stderr)
        if phase.name == "confirm":  # each boot of a trial counts, also those that look
            board.run(phase.again)
            assert self.version(board) == phase.end, "not confirmed"
            return
        found = self.version(board)
        assert found in phase.may_be or found == phase.end, "%s is there" % found
        if found != phase.end:
            board.run(phase.again)  # what it says depends on how far it had come
            assert self.version(board) == phase.end, "not finished"

    def version(self, board):
        """Which version all files are of; AssertionError for a mixture, and where there is no prompt."""
        files = board.files()
        for version, expected in self.files.items():
            if files == expected:
                return version
        old = [path for path in PATHS if files[path] == self.files[OLD][path]]
        raise AssertionError("a mixture: old are " + " ".join(old))
