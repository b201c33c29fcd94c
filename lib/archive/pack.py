# Create tar archives.

import asyncio

from archive import ustar
from base import attributes
from base.dates import from_unix
from base.errors import Failure, Usage, reason
from base.files import Replacement, Walk
from base.paths import exists, join, normal
from process import cpu
from program import complain, integer, odd, open_input, protected, status
from text.pattern import match


async def create(archive, names, opts):
    """Write files to an archive and return the exit status."""
    stamp = Stamp(opts)
    if archive == "-":
        if "r" in opts:
            raise Failure("", "-r requires an archive file")
        await write(cpu.current.stdout.write, archive, names, opts, stamp)
        return 2 * status()
    protected(archive)
    with Replacement(archive) as file:

        def put(data):
            try:
                file.write(data)
            except OSError as e:  # an error of the archive, not of a member: give up
                raise Failure("", reason(e))

        if "r" in opts and exists(archive):
            await old(archive, put)
        await write(put, archive, names, opts, stamp)
    return 2 * status()


async def old(archive, put):
    """Copy an archive without its end-of-archive blocks."""
    stream = open_input(archive)
    try:
        reader = ustar.Reader(stream)
        if await reader.block(2) == b"\x1f\x8b":
            raise Failure("", "cannot update compressed archives")
        stream.seek(0)
        while await reader.next():
            pass
        end = stream.file.tell() - len(stream.rest)
        if end:
            stream.seek(end - ustar.BLOCK)
            if not any(await reader.block(ustar.BLOCK)):  # the end-of-archive marker, which may be missing
                end -= ustar.BLOCK
        stream.seek(0)
        while end and (data := await stream.read(min(end, 1024))):
            put(data)
            end -= len(data)
    finally:
        stream.close()


class Stamp:
    """The attributes that all members share: owner, and with --mtime the time."""

    def __init__(self, opts):
        self.owner, self.uid = whose(opts["owner"])
        self.group, self.gid = whose(opts["group"])
        if "numeric-owner" in opts:
            self.owner = self.group = ""
        self.moment = when(opts["mtime"]) if "mtime" in opts else None

    def put(self, entry):
        """Set them in an entry and return it."""
        entry.owner, entry.uid, entry.group, entry.gid = self.owner, self.uid, self.group, self.gid
        if self.moment is not None:
            entry.moment = self.moment
        return entry


def whose(text):
    """Parse NAME:NUMBER, NAME or NUMBER as (name, number)."""
    name, colon, number = (text or "root").partition(":")
    if not colon and name.isdigit():
        name, number = "", name
    number = integer(number or "0")
    if not 0 <= number < 1 << 21 or len(name.encode()) > 31:
        raise Usage("invalid owner", text)
    return name, number


def when(text):
    """Return the timestamp of a date, or of a file, as seconds since 1970."""
    if text[:1] in ("/", "."):
        try:
            return attributes.stat(text, cpu.current.cwd)[8] - from_unix(0)
        except OSError as e:
            raise Failure(text, reason(e))
    from base import parse_date  # late: few use a date

    try:
        return parse_date.parse(text, cpu.current.getenv("TZ"))[0] - from_unix(0)
    except (ValueError, OverflowError):
        raise Usage("invalid date", text)


async def write(put, archive, names, opts, stamp):
    packer = None
    if "z" in opts:
        from archive.gz import Deflating  # late: only for -z

        packer = Deflating(put)
        put = packer.write
    top = opts["C"] or ""
    written = 0
    for name in names:
        try:
            for path, directory, _ in (walk := Walk(join(top, name) if top else name, odd)):
                if directory is None:
                    continue
                shown = path[len(top) :].lstrip("/") if top else path
                if any(match(glob, shown) or match(glob, shown.split("/")[-1]) for glob in opts.all("exclude")):
                    walk.prune()
                elif normal(path, cpu.current.cwd) != archive:
                    written += await add_member(put, path, shown, directory, archive, opts, stamp)
        except OSError as e:
            complain(name, e)
    put(bytes(2 * ustar.BLOCK))
    if packer:
        packer.close()


async def add_member(put, path, shown, directory, archive, opts, stamp):
    """Add one file or directory to the archive."""
    name = shown.lstrip("/")
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    if not name or name == ".":
        name = "."
    if ".." in name.split("/"):
        complain(shown, "member name contains '..'")
        return 0
    stat = attributes.stat(path, cpu.current.cwd)
    moment = stat[8] - from_unix(0)
    if directory:
        entry = ustar.Entry(name + "/", 0, ustar.DIRECTORY, moment, stat[0] & 0o7777)
    else:
        entry = ustar.Entry(name, stat[6], ustar.FILE, moment, stat[0] & 0o7777)
    if "v" in opts:
        out = cpu.current.stderr if archive == "-" else cpu.current.stdout
        out.write(entry.name + "\n")
    if directory:
        put(ustar.header(stamp.put(entry)))
        await asyncio.sleep_ms(0)
        return 1
    stream = open_input(path)
    try:
        put(ustar.header(stamp.put(entry)))
        left = entry.size
        while left and (data := await stream.read(min(left, 1024))):
            put(data)
            left -= len(data)
            await asyncio.sleep_ms(0)  # reading a small file does not yield, and compression is slow
        put(bytes(left + -entry.size % ustar.BLOCK))  # pad a file that has shrunk
    finally:
        stream.close()
    return 1
