# One update, step by step: check a release, download it, hand it over. For bin/upgrade.py.

import gc

from base.errors import Failure
from base.paths import exists, isfile
from base.units import human
from process import memory
from process import process as processes
from repository import source
from update import status


def load_modules(wanted, done=""):
    """Unload the modules that are done with, then load others one after the other, the largest first.

    The compiler needs memory in large pieces, and a small board does not have it twice.
    """
    memory.unload_all(done)
    for name in wanted.split():
        __import__(name)
        gc.collect()


class Session:
    """An update that a process runs for its user."""

    def __init__(self, process, opts, place, services):
        self.process = process
        self.opts = opts
        self.kind = kind_of_system()
        self.source = source.find(place or source.default("t" in opts), self.kind, process.cwd)
        self.version = (
            ""  # of the release; plain values, because an object of a module would keep that module in memory
        )
        self.before = ""  # the version that is there
        self.bundle = ""
        self.bytes = 0  # to get
        self.image = ""  # the name of the ROMFS image, where chunks of it differ
        self.rom = ""  # its size and its hash
        self.fetched = False  # it is not staged: recovery fetches it
        self.services = services  # that must run in the new system, too
        load_modules("net.http net.link base.config" if self.source.remote else "")
        load_modules("update.plan repository.manifest update.compare update.check")

    async def check(self):
        """Download and check the manifest, and compare; returns False if there is nothing to do."""
        from update import check  # late: a step of its own

        return await check.check(self)

    async def get(self, complain):
        """Download; True if everything is there."""
        load_modules(
            "update.stage",
            "update.check update.compare update.foreign repository.manifest update.image",
        )
        from update import plan, stage  # late: a step of its own

        status.discard()
        kinds = "racd" if self.fetched else "racdb"
        plan.check_space(kinds)
        shown = self.process.stderr.isatty()
        progress = self.progress if shown else None
        try:
            staged = stage.Stage(self.source, self.bundle, self.image, progress)
            return await staged.get(kinds, "i" in self.opts, complain)
        finally:
            if shown:
                self.process.stderr.write("\n")

    percent = -1

    def progress(self, done):
        """Draw the bar, when it has changed."""
        percent = done * 100 // max(self.bytes, 1)
        if percent != self.percent:
            self.percent = percent
            self.process.stderr.write(f"\r[{'#' * (percent // 4):.<25}] {percent:3}% {human(done)}")

    async def switch(self):
        """Hand over to recovery: everything has been downloaded."""
        foreign = self.source.foreign
        rom = ""
        if self.image:
            rom = f"rom {self.rom}\n" + (f"image {self.source.base}{self.image}\n" if self.fetched else "")
        self.source = None
        load_modules("update.journal", "update.stage net.http net.link net.url net.resolver")
        from update import journal  # late: a step of its own

        await journal.begin(self.version, self.before, self.services, foreign, rom)


def kind_of_system():
    """The kind of files that this system consists of; Failure if no release can replace it."""
    if exists("/lib/packed"):
        return installed() or "packed"  # or packed-small ...
    in_rom = __file__.startswith("/rom/")
    if exists("/lib/kernel/__init__.mpy") and not in_rom:  # a developer's mount shows ROM's at /lib, too
        return "mpy"
    if isfile("/lib/kernel/__init__.py") and not in_rom:
        return "source"
    from base.chip import module  # late: only where no file tells

    writer = module("romfs")
    if writer and writer.device():
        found = installed()
        return found if found.startswith("romfs") else "romfs"
    raise Failure(
        "", "this system is frozen into the firmware: flash another firmware, or use `diatom deploy --as mpy`"
    )


def installed():
    """The kind of the installed release; an empty text if that is unknown."""
    from repository import manifest  # late: a step of its own
    from update import INSTALLED

    return manifest.head(INSTALLED).kind if exists(INSTALLED) else ""


def stop_others(process):
    """Terminate all processes but this one, its ancestors and the kernel."""
    keep = [process.pid, 1]
    parent = process
    while parent and parent.ppid:
        keep.append(parent.ppid)
        parent = processes.get(parent.ppid)
    for other in list(processes.table.values()):
        if other.pid not in keep:
            other.kill(15)
