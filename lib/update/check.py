# The first step of an update: download the manifest of a release, check it, and compare it with what is installed.

from base.errors import Failure, reason
from base.files import rename
from base.units import human
from process import memory
from repository import manifest, source, verify
from update import INSTALLED, compare, plan, status


async def check(job):
    """Download and check the manifest, and compare; returns False if there is nothing to do."""
    status.check_idle()
    plan.directories()
    name = job.source.manifest
    if job.source.foreign:
        return await check_foreign(job)
    await attempt(name, source.fetch(job.source, name, plan.MANIFEST, manifest.SIZE_MAX))
    if "unsigned" not in job.opts:
        signature = plan.MANIFEST + ".sig"
        try:
            await attempt(name + ".sig", source.fetch(job.source, name + ".sig", signature, verify.BYTES))
        except Failure as e:
            raise Failure("", f"{e}; for a release without a signature use --unsigned on the console")
        try:
            verify.signed(plan.MANIFEST, signature)
        except Failure as e:  # the only way on, where the owner knows the maker
            raise Failure("", f"{e}\nto accept the releases of this maker: upgrade --trust {job.source.base}")
    head = manifest.check(plan.MANIFEST)
    job.before = here = status.version()
    check_head(job, head, here)
    totals = await compare.write_plan("o" in job.opts, "factory" in job.opts, show_step if "v" in job.opts else None)
    if head.rom:
        from update import image  # late: only with ROMFS

        await image.add_chunks(job, head, totals)
        job.rom = f"{head.rom['size']} {head.rom['sha256']}"
    if not totals.changed + totals.added + totals.removed + totals.chunks:
        print(f"{head.version}: everything is up to date")
        rename(plan.MANIFEST, INSTALLED)  # it tells the release's files from the owner's changes
        return False
    print(f"{here} -> {head.version}: {totals.changed} changed, {totals.added} new, {totals.removed} to remove;")
    print(f"{human(totals.bytes)} to download, of {totals.files} files")
    if totals.beside:
        print(f"{totals.beside} new defaults are saved as .new, beside files that you have changed")
    job.version = head.version
    job.bundle = head.bundle
    job.bytes = totals.bytes
    if totals.chunks:
        job.image = image.name(head)
        print(f"the image in ROMFS: {totals.chunks} chunks differ")
        choose_staging(job)
    return True


def choose_staging(job):
    """Stage the image, or without space leave it to recovery, which has no rollback. Failure if neither is possible."""
    lack = plan.required_space("racdb") - plan.available_space()
    if lack <= 0:
        return
    if not job.source.remote:
        raise Failure(
            "", f"not enough space to stage the image ({-(-lack // 1024)} kB more needed): serve the release over HTTP"
        )
    job.fetched = True
    job.bytes -= sum([step.size for step in plan.steps("b")])
    more = -(-lack // 1024)
    print(
        f"Not enough space to stage the image ({more} kB more needed): the board downloads it after the restart, chunk"
    )
    print("by chunk, before it loads the system. A power cut or a lost connection does no harm. There is no rollback:")
    print("if the new system fails, install another release on the rescue console with `upgrade SOURCE`.")


async def check_foreign(job):
    """The same for a list of upyOS: the programs that this system does not have."""
    from update import foreign  # late: only for upyOS's lists

    if "unsigned" not in job.opts:
        raise Failure("", "upgrade.inf is never signed: use --unsigned on the console")
    path = plan.MANIFEST + ".inf"
    await attempt(foreign.NAME, source.fetch(job.source, foreign.NAME, path, foreign.SIZE_MAX))
    memory.unload_all("net.http net.url net.link net.resolver net.sockets")  # the list may need what they take
    version = foreign.convert(path, plan.MANIFEST)
    manifest.check(plan.MANIFEST, foreign.SHA)
    totals = await compare.write_plan(False, False, show_step if "v" in job.opts else None, foreign.SHA)
    if not totals.added:
        print(f"upyOS {version}: no new programs")
        return False
    print(f"upyOS {version}: {totals.added} new programs and libraries, {human(totals.bytes)} to download")
    job.before = status.version()
    job.version = f"{job.before} with programs of upyOS {version}"
    job.bundle = ""
    job.bytes = totals.bytes
    return True


def check_head(job, head, here):
    """Failure if the release is not for this board."""
    manifest.check_kind(head.kind, head.mpy, job.kind)
    new, old = manifest.numbers(head.version), manifest.numbers(here)
    if "downgrade" not in job.opts and "factory" not in job.opts:
        if new < old:
            raise Failure("", f"{head.version} is older than {here} (use --downgrade on the console)")
        if new == old and not compare.same_content(head.rom):
            text = "is installed with other files (use --downgrade on the console)"
            raise Failure("", f"{head.version} {text}")
    if manifest.numbers(here) < manifest.numbers(head.minimum):
        raise Failure("", f"{head.version} requires {head.minimum} or later; this is {here}")


def show_step(kind, path):
    print({"a": "new     ", "d": "remove  "}.get(kind, "change  ") + path)


async def attempt(name, download):
    """Await a download; an error of the network or of a disk gets the name of the file."""
    try:
        await download
    except OSError as e:
        if e.args and e.args[0] == 28:  # ENOSPC
            raise

        raise Failure(name, reason(e))
