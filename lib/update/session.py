# One update, step by step: look at a release, get it, hand it over. What bin/upgrade.py is made of.

import sys

from base.errors import Failure
from base.files import rename
from base.paths import exists, isfile
from process import process as processes
from program import human
from update import INSTALLED, journal, manifest, plan, source, stage, verify


class Session:
    """An update that a process does for its user."""

    def __init__(self, process, opts, place):
        self.process = process
        self.opts = opts
        kind = "mpy" if exists("/lib/kernel/__init__.mpy") else "source"
        if not isfile("/lib/kernel/__init__.py") and kind == "source":
            raise Failure("", "this system runs from ROMFS: `diatom deploy` on the computer renews that")
        self.kind = kind
        self.source = source.find(place or source.default("t" in opts), kind, process.cwd)
        self.head = None
        self.totals = None

    async def look(self):
        """Get and judge the manifest, and compare; returns the Totals, or None where nothing is to be done."""
        journal.busy()
        stage.directories()
        name = self.source.manifest
        await attempt(name, stage.fetch(self.source, name, plan.MANIFEST, manifest.SIZE_MAX))
        if "~" not in self.opts:
            signature = plan.MANIFEST + ".sig"
            await attempt(name, stage.fetch(self.source, name + ".sig", signature, verify.BYTES))
            verify.signed(plan.MANIFEST, signature)
        self.head = head = manifest.check(plan.MANIFEST)
        here = journal.version()
        self.judge(here)
        self.totals = totals = await plan.make("o" in self.opts, self.tell if "v" in self.opts else None)
        if not totals.changed + totals.added + totals.removed:
            print(f"{head.version}: everything is as it should be")
            rename(plan.MANIFEST, INSTALLED)  # from now on it is known whose changes are whose
            return None
        print(f"{here} -> {head.version}: {totals.changed} changed, {totals.added} new, {totals.removed} to remove;")
        print(f"{human(totals.bytes)} of {totals.files} files to get")
        if totals.beside:
            print(f"{totals.beside} of the new files are defaults beside files that you have changed (.new)")
        return totals

    def judge(self, here):
        """Failure where the release is not for this board."""
        head = self.head
        if head.kind != self.kind:
            raise Failure("", f"this board runs {self.kind} files, and the release has {head.kind}")
        if head.mpy:
            mine = getattr(sys.implementation, "_mpy", 0) & 0xFF
            if head.mpy != mine:
                raise Failure("", f"the release is compiled for .mpy version {head.mpy}, and this firmware has {mine}")
        if manifest.numbers(head.version) < manifest.numbers(here) and "_" not in self.opts:
            raise Failure("", f"{head.version} is older than {here} (--downgrade on the console takes it all the same)")
        if manifest.numbers(here) < manifest.numbers(head.minimum):
            raise Failure("", f"{head.version} can only follow {head.minimum} or later, and this is {here}")

    def tell(self, kind, path):
        print({"a": "new     ", "d": "remove  "}.get(kind, "change  ") + path)

    async def get(self, complain):
        """Download; True where everything is there."""
        journal.discard()
        stage.room()
        shown = self.process.stderr.isatty()
        progress = self.progress if shown else None
        try:
            return await stage.Stage(self.source, self.head.bundle, progress).get("i" in self.opts, complain)
        finally:
            if shown:
                self.process.stderr.write("\n")

    percent = -1

    def progress(self, done):
        """Draw the bar, when it has changed."""
        percent = done * 100 // max(self.totals.bytes, 1)
        if percent != self.percent:
            self.percent = percent
            self.process.stderr.write(f"\r[{'#' * (percent // 4):.<25}] {percent:3}% {human(done)}")

    async def switch(self):
        """All is there: hand over."""
        await journal.begin(self.head.version, journal.version(), services())


async def attempt(name, getting):
    """Await getting; an error of the network or of a disk gets the name of what was wanted."""
    try:
        await getting
    except OSError as e:
        if e.args and e.args[0] == 28:  # ENOSPC
            raise
        from base.errors import reason

        raise Failure(name, reason(e))


def services():
    """The names of the services that run now, and so must run in the new system."""
    from services import definitions
    from services.states import state_of

    found = []
    for name in definitions.names():
        try:
            definition = definitions.read(name)
        except Failure:  # it is no service then
            continue
        if definition.enabled and state_of(definition)[0] == "running":
            found.append(definition.name)
    return found


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
