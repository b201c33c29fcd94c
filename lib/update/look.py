# The first step of an update: get what a release says of itself, judge that, and compare.

import sys

from base.errors import Failure
from base.files import rename
from base.sizes import human
from update import INSTALLED, compare, manifest, plan, source, standing, verify


async def look(job):
    """Get and judge the manifest, and compare; returns False where nothing is to be done."""
    standing.busy()
    plan.directories()
    name = job.source.manifest
    if job.source.foreign:
        return await bring(job)
    await attempt(name, source.fetch(job.source, name, plan.MANIFEST, manifest.SIZE_MAX))
    if "~" not in job.opts:
        signature = plan.MANIFEST + ".sig"
        try:
            await attempt(name + ".sig", source.fetch(job.source, name + ".sig", signature, verify.BYTES))
        except Failure as e:
            raise Failure("", f"{e}; a release without a signature is taken with --unsigned, on the console only")
        verify.signed(plan.MANIFEST, signature)
    head = manifest.check(plan.MANIFEST)
    job.before = here = standing.version()
    judge(job, head, here)
    totals = await compare.make("o" in job.opts, "^" in job.opts, tell if "v" in job.opts else None)
    if head.rom:
        from update import image

        await image.make(job, head, totals)
        job.rom = f"{head.rom['size']} {head.rom['sha256']}"
    if not totals.changed + totals.added + totals.removed + totals.chunks:
        print(f"{head.version}: everything is as it should be")
        rename(plan.MANIFEST, INSTALLED)  # from now on it is known whose changes are whose
        return False
    print(f"{here} -> {head.version}: {totals.changed} changed, {totals.added} new, {totals.removed} to remove;")
    print(f"{human(totals.bytes)} to get, of {totals.files} files in all")
    if totals.beside:
        print(f"{totals.beside} of the new files are defaults beside files that you have changed (.new)")
    job.version = head.version
    job.bundle = head.bundle
    job.bytes = totals.bytes
    if totals.chunks:
        job.image = image.name(head)
        print(f"the image in ROMFS: {totals.chunks} chunks of it differ")
        choose(job)
    return True


def choose(job):
    """Whether the image is staged, or recovery fetches it: say so where that has no way back. Failure where neither can be."""
    from update import room

    lack = room.required("racdb") - room.available()
    if lack <= 0:
        return
    if not job.source.remote:
        raise Failure("", f"the flash lacks {-(-lack // 1024)} kB to stage the image: serve the release over HTTP")
    job.fetched = True
    job.bytes -= sum([step.size for step in plan.steps("b")])
    print(
        f"The flash lacks {-(-lack // 1024)} kB to stage the image, so the board fetches it after the restart, chunk by"
    )
    print(
        "chunk, before anything of the system is loaded. That cannot be taken back: a power cut or a lost connection is"
    )
    print("made up for, but where the new system fails, the rescue console takes another release: `upgrade SOURCE`.")


async def bring(job):
    """The same for the list of upyOS: programs that this system does not have."""
    from update import foreign

    if "~" not in job.opts:
        raise Failure("", "nobody signs an upgrade.inf: --unsigned on the console takes it")
    path = plan.MANIFEST + ".inf"
    await attempt(foreign.NAME, source.fetch(job.source, foreign.NAME, path, foreign.SIZE_MAX))
    version = foreign.convert(path, plan.MANIFEST)
    manifest.check(plan.MANIFEST, foreign.SHA)
    totals = await compare.make(False, False, tell if "v" in job.opts else None, foreign.SHA)
    if not totals.added:
        print(f"upyOS {version}: it has no program that is missing here")
        return False
    print(f"upyOS {version}: {totals.added} programs and libraries that are not here, {human(totals.bytes)} to get")
    job.before = standing.version()
    job.version = f"{job.before} with programs of upyOS {version}"
    job.bundle = ""
    job.bytes = totals.bytes
    return True


def judge(job, head, here):
    """Failure where the release is not for this board."""
    if head.kind != job.kind:
        raise Failure("", f"this board runs {job.kind} files, and the release has {head.kind}")
    if head.mpy:
        mine = getattr(sys.implementation, "_mpy", 0) & 0xFF
        if head.mpy != mine:
            raise Failure("", f"the release is compiled for .mpy version {head.mpy}, and this firmware has {mine}")
    new, old = manifest.numbers(head.version), manifest.numbers(here)
    if "_" not in job.opts and "^" not in job.opts:
        if new < old:
            raise Failure("", f"{head.version} is older than {here} (--downgrade on the console takes it all the same)")
        if new == old and not compare.same_content(head.rom):
            text = "is installed with other files (--downgrade on the console takes these all the same)"
            raise Failure("", f"{head.version} {text}")
    if manifest.numbers(here) < manifest.numbers(head.minimum):
        raise Failure("", f"{head.version} can only follow {head.minimum} or later, and this is {here}")


def tell(kind, path):
    print({"a": "new     ", "d": "remove  "}.get(kind, "change  ") + path)


async def attempt(name, getting):
    """Await getting; an error of the network or of a disk gets the name of what was wanted."""
    try:
        await getting
    except OSError as e:
        if e.args and e.args[0] == 28:  # ENOSPC
            raise
        from base.errors import reason

        raise Failure(name, reason(e))
