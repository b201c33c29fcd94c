"""The proof that no update bricks a board: cut the power at a write; afterwards the board must boot to a prompt.

An update is split into phases, each with the state of the flash before it and the states allowed after it. For every
write and erase of a phase, whole and torn: cut the power there, boot, check the files, and repeat the phase to its end.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

from release import keys
from update.releases import NEW, OLD, PATHS, POWER_CUT, Board, fresh

MOUNTED = "/mnt/release/"
UPGRADE = "upgrade -f %snew"
STATUS = "upgrade --status"
FACTORY = "upgrade --factory -f %sold"
FIRMWARE = "upgrade --firmware -f %sapp.bin"
RESCUE = "upgrade %sold"
SETTINGS = (*PATHS, "/etc/hostname")
MINE, DELIVERED, DAMAGED = "the owner's settings", "settings as delivered", "damaged"
CHIP = ("--board", "esp32-wroom-32")
RUNS = "< __import__('esp32').Partition(1).info()[4]"
JUDGED = "while test -e /var/update/state; do sleep 0.1; done; "  # healthy is 1 second there
IMAGE = b"\xe9" + bytes(range(256)) * 60


@dataclass(frozen=True)
class Phase:
    """A part of an update."""

    name: str
    before: Board  # with the flash as it is then
    command: str  # what is done in it, at the prompt
    may_be: tuple  # the states in which the board may be after a cut
    again: str  # what brings it to its end afterwards, at the prompt
    end: str  # the state in the end
    look: Callable[
        [Board], str
    ]  # boots, and tells the state; AssertionError for a mixture, and where there is no prompt
    words: tuple  # more options for the simulator
    writes: int  # of the whole phase


class Proof:
    """Boards in the states between the phases, and the points at which the power can fail."""

    def __init__(self, releases, directory, chip="", source=MOUNTED):
        """source: where the board finds what is in the directory of releases, a path or an address."""
        self.directory = directory
        self.source = source
        self.files = {OLD: releases.sums(releases.old, PATHS), NEW: releases.sums(releases.new, PATHS)}
        for path, digest in self.files[OLD].items():
            assert digest != self.files[NEW][path], path + " is the same in both releases"
        board = fresh(directory / "board.img", releases.old, releases.directory, chip=chip)
        self.done(board.run("upgrade -f /mnt/release/old"))
        assert board.files() == self.files[OLD]
        self.phases = []
        self.update(board.copy(directory / "update.img"))
        self.factory(board.copy(directory / "factory.img"))
        if not chip.startswith("pico"):  # a Pico has one partition for its firmware
            self.firmware(board.copy(directory / "firmware.img"), releases)
        self.rescue(board.copy(directory / "rescue.img"))

    def update(self, board):
        """From one release to the next, and back."""
        both = (OLD, NEW)
        upgrade = UPGRADE % self.source
        self.phase("download", board, upgrade, (OLD,), upgrade, NEW)
        self.phase("switch", board, STATUS, (NEW,), STATUS, NEW)
        trial = board.copy(self.directory / "trial.img")
        self.phase("another boot", board, STATUS, (NEW,), STATUS, NEW)
        confirmed = trial.copy(self.directory / "confirmed.img")
        self.phase("confirm", confirmed, "upgrade --confirm", (NEW,), "upgrade --confirm", NEW)
        # The way back: the trial is in its first boot, and somebody does not want it; or later.
        self.phase("ask for the old one", trial, "upgrade --rollback -f", both, "upgrade --rollback -f", OLD)
        self.phase("rollback", trial, STATUS, (OLD,), STATUS, OLD)
        later = "upgrade --rollback -f"
        self.phase("ask after the confirmation", confirmed, later, both, later, OLD)
        self.phase("rollback after the confirmation", confirmed, STATUS, (OLD,), STATUS, OLD)

    def factory(self, board):
        """The settings as delivered, and back to those of the owner."""
        delivered = board.files(SETTINGS)
        self.done(board.run("echo mine > /etc/motd; echo box > /etc/hostname"))
        look = self.look({MINE: board.files(SETTINGS), DELIVERED: delivered})
        factory = FACTORY % self.source
        self.phase("factory: download", board, factory, (MINE,), factory, DELIVERED, look)
        self.phase("factory: switch", board, STATUS, (DELIVERED,), STATUS, DELIVERED, look)
        self.done(board.run("upgrade --rollback -f"))
        self.phase("factory: rollback", board, STATUS, (MINE,), STATUS, MINE, look)

    def firmware(self, board, releases):
        """Another firmware, its trial, and its confirmation."""
        (releases.directory / "app.bin").write_bytes(IMAGE)
        (releases.directory / "app.bin.sig").write_bytes(keys.sign(keys.load(releases.key), IMAGE))
        self.done(board.run("""echo '{"upgrade": {"healthy": 1}}' > /etc/system.conf"""))
        both = ("ota_0", "ota_1")
        firmware = FIRMWARE % self.source
        self.phase("firmware: write", board, firmware, both, firmware, "ota_1", self.partition, CHIP)
        self.phase("firmware: confirm", board, JUDGED, both, firmware, "ota_1", self.partition, CHIP)

    def rescue(self, board):
        """A board whose kernel is gone, repaired from the rescue console."""
        self.done(board.run("mv /lib/kernel/boot.py /lib/kernel/start.py /bin/ls.py /home"))
        look = self.look({OLD: self.files[OLD]})
        rescue = RESCUE % self.source
        self.phase("rescue: download", board, rescue, (DAMAGED,), rescue, OLD, look)
        self.phase("rescue: switch", board, STATUS, (OLD,), STATUS, OLD, look)

    def phase(self, name, board, command, may_be, again, end, look=None, words=()):
        """Run a phase without a cut, and record it."""
        before = board.copy(self.directory / (name.replace(" ", "-").replace(":", "") + ".img"))
        run = self.done(board.run(command, "--count-writes", *words))
        writes = int(run.stderr.rsplit("writes: ", 1)[1].split()[0])
        look = look or self.look(self.files)
        self.phases.append(Phase(name, before, command, may_be, again, end, look, words, writes))

    @staticmethod
    def done(run):
        assert run.returncode == 0, run.stdout + run.stderr
        return run

    def points(self):
        """All (phase, number of the write, torn or not)."""
        return [(p, n, torn) for p in self.phases for n in range(1, p.writes + 1) for torn in (False, True)]

    def attempt(self, phase, number, torn):
        """Cut the power at one point; AssertionError if the board's state afterwards is not allowed."""
        board = phase.before.copy(self.directory / ("point-%d.img" % os.getpid()))
        at = "%d:torn" % number if torn else str(number)
        run = board.run(phase.command, "--cut-power-at", at, *phase.words)
        assert run.returncode == POWER_CUT, "no cut: %d %s" % (run.returncode, run.stdout + run.stderr)
        if phase.name == "confirm":  # each boot of a trial counts, also those that look
            board.run(phase.again)
            assert phase.look(board) == phase.end, "not confirmed"
            return
        found = phase.look(board)
        assert found in phase.may_be or found == phase.end, "%s is there" % found
        if found != phase.end:
            run = board.run(phase.again, *phase.words)  # what it says depends on how far it had come
            assert phase.look(board) == phase.end, "not finished: " + run.stdout + run.stderr

    @staticmethod
    def look(known):
        """A function that tells which of the states in known ({name: {path: sha256}}) all files are in."""

        def look(board):
            paths = next(iter(known.values()))
            try:
                files = board.files(tuple(paths))
            except AssertionError as e:
                if "Rescue: " in str(e):
                    return DAMAGED
                raise
            for name, expected in known.items():
                if files == expected:
                    return name
            first, expected = next(iter(known.items()))
            same = [path for path in paths if files[path] == expected[path]]
            raise AssertionError("a mixture: as in %s are %s" % (first, " ".join(same)))

        return look

    def partition(self, board):
        """The partition that runs when everything has been judged; the files must be those of before."""
        for _ in range(3):  # a trial, what the bootloader makes of it, and what stays
            run = board.run(JUDGED + "echo prompt; " + RUNS, *CHIP)
            lines = run.stdout.splitlines()
            assert "prompt" in lines, "no prompt: " + run.stdout + run.stderr
        assert board.files() == self.files[OLD], "other files"
        return lines[-1]
