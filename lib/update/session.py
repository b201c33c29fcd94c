# One update, step by step: look at a release, get it, hand it over. What bin/upgrade.py is made of.

import gc
import sys

from base.errors import Failure
from base.paths import exists, isfile
from base.sizes import human
from process import memory
from process import process as processes
from update import source, standing

_UNUSED = "update.needed services.states services.definitions services"  # where no service runs


def rooms(wanted, done=""):
    """Load rooms one after the other, from the largest on, when those that have done their part are given back.

    The compiler needs memory in large pieces, and a small board does not have it twice.
    """
    memory.unload_all(done)
    for name in wanted.split():
        __import__(name)
        gc.collect()


class Session:
    """An update that a process does for its user."""

    def __init__(self, process, opts, place):
        self.process = process
        self.opts = opts
        self.kind = kind_of_system()
        self.source = source.find(place or source.default("t" in opts), self.kind, process.cwd)
        self.version = ""  # of the release; plain values, because an object of a room would keep the room in memory
        self.before = ""  # the version that is there
        self.bundle = ""
        self.bytes = 0  # to get
        self.image = ""  # the name of the ROMFS image, where chunks of it differ
        self.rom = ""  # its size and its hash
        self.fetched = False  # it is not staged: recovery fetches it
        rooms("update.needed")
        from update import needed

        self.services = needed.services()
        del needed
        rooms("", "update.needed" if "services.supervisor" in sys.modules else _UNUSED)
        rooms("net.http net.link update.http base.config" if self.source.remote else "")
        rooms("update.plan update.manifest update.compare update.look")

    async def look(self):
        """Get and judge the manifest, and compare; returns False where nothing is to be done."""
        from update import look

        return await look.look(self)

    async def get(self, complain):
        """Download; True where everything is there."""
        rooms("update.stage update.room", "update.look update.compare update.foreign update.manifest update.image")
        from update import room, stage

        standing.discard()
        kinds = "racd" if self.fetched else "racdb"
        room.check(kinds)
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
        """All is there: hand over."""
        foreign = self.source.foreign
        rom = ""
        if self.image:
            rom = f"rom {self.rom}\n" + (f"image {self.source.base}{self.image}\n" if self.fetched else "")
        self.source = None
        rooms("update.journal", "update.room update.stage update.http net.http net.link net.url net.names")
        from update import journal

        await journal.begin(self.version, self.before, self.services, foreign, rom)


def kind_of_system():
    """The kind of files that this system consists of; Failure where a release cannot renew it."""
    if exists("/lib/packed"):
        return installed() or "packed"  # or packed-small ...
    in_rom = __file__.startswith("/rom/")
    if exists("/lib/kernel/__init__.mpy") and not in_rom:  # what develops shows ROM's at /lib, too
        return "mpy"
    if isfile("/lib/kernel/__init__.py") and not in_rom:
        return "source"
    from base.firmware import module

    writer = module("romfs")
    if writer and writer.device():
        found = installed()
        return found if found.startswith("romfs") else "romfs"
    raise Failure("", "this system lies in the firmware: another firmware renews it, or `diatom deploy --as mpy`")


def installed():
    """The kind of the release that is installed; an empty text where that is not known."""
    from update import INSTALLED, manifest

    return manifest.head(INSTALLED).kind if exists(INSTALLED) else ""


def stop_others(process):
    """End all processes but those that this one stands on."""
    keep = [process.pid, 1]
    parent = process
    while parent and parent.ppid:
        keep.append(parent.ppid)
        parent = processes.get(parent.ppid)
    for other in list(processes.table.values()):
        if other.pid not in keep:
            other.kill(15)


def restart():
    from kernel import reboot

    reboot()
