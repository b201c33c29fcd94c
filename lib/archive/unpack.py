# Extract and list tar archives.

from micropython import const

from archive import ustar
from base import attributes
from base.dates import from_unix, strftime
from base.errors import Failure
from base.files import Replacement, make_directories, require_space
from base.paths import dirname, exists, join, normal
from process import cpu
from program import complain, integer, open_input, protected, status
from text.modes import shown
from text.pattern import match

WHOSE = const(18)  # minimal width of the owner and size columns in a listing


async def extract(archive, names, opts):
    """Extract the named members, or all, and return the exit status."""
    stream = await opened(archive)
    missing = [name.rstrip("/") for name in names]
    found = set()
    widest = [WHOSE]
    try:
        reader = ustar.Reader(stream)
        empty = True
        while entry := await reader.next():
            empty = False
            path = entry.name.rstrip("/")
            wanted = not names
            for name in missing:
                if path == name or path.startswith(name + "/") or match(name, path):
                    wanted = True
                    found.add(name)
            if not wanted or any(match(glob, path) for glob in opts.all("exclude")):
                continue
            try:
                if "t" in opts:
                    cpu.current.stdout.write(line(entry, opts, widest) if "v" in opts else entry.name + "\n")
                else:
                    await extract_entry(reader, entry, opts)
            except OSError as e:
                complain(entry.name, e)
        if empty and len(await reader.block(ustar.RECORD)) == ustar.RECORD:
            raise Failure("", ustar.DAMAGED)
    finally:
        if stream is not cpu.current.stdin:
            stream.close()
    for name in missing:
        if name not in found:
            complain(name, "not found in the archive")
    return 2 * status()


async def opened(archive):
    """Open an archive and decompress it if necessary."""
    stream = open_input(archive)
    data = await stream.read(2)
    stream.rest = data + stream.rest
    if data != b"\x1f\x8b":
        return stream
    from archive.gz import Inflating, spool  # late: only for .gz

    return Inflating(await spool(stream) if archive == "-" else open(archive, "rb"), archive)


def line(entry, opts, widest):
    """Format an entry for -v. widest: [width of the owner and size columns], which grows."""
    kind = "d" if entry.kind == ustar.DIRECTORY else "l" if entry.kind == "2" else "h" if entry.kind == "1" else "-"
    bits = shown(entry.mode)[1:]
    when = strftime("%Y-%m-%d %H:%M", from_unix(entry.moment), cpu.current.getenv("TZ"))
    owner, group = entry.owner or entry.uid, entry.group or entry.gid
    if "numeric-owner" in opts:
        owner, group = entry.uid, entry.gid
    whose = f"{owner}/{group}"
    widest[0] = max(widest[0], len(whose) + len(str(entry.size)))
    size = f"{entry.size:{widest[0] - len(whose)}d}"
    link = (" -> " if kind == "l" else " link to ") + entry.link if entry.kind in "12" else ""
    return f"{kind}{bits} {whose} {size} {when} {entry.name}{link}\n"


def target(entry, opts):
    """Return the path to extract an entry to, or None if --strip-components removes all of its name."""
    name = entry.name
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts:
        raise Failure(name, "absolute member names and '..' are not allowed")
    parts = parts[integer(opts["strip-components"]) if "strip-components" in opts else 0 :]
    if not parts:
        return None
    return join(opts["C"] or "", "/".join(parts))


async def extract_entry(reader, entry, opts):
    try:
        path = target(entry, opts)
    except Failure as e:
        return complain(e.obj, e.reason)
    if path is None:
        return
    if entry.kind not in (ustar.FILE, ustar.DIRECTORY):
        return complain(entry.name, "links and devices are not supported")
    process = cpu.current
    if "O" in opts:
        while data := await reader.read():
            process.stdout.write(data)
        return
    if "v" in opts:
        process.stdout.write(entry.name + "\n")
    if entry.kind == ustar.DIRECTORY:
        return make_directories(path)
    if "k" in opts and exists(path):
        return complain(path, "already exists")
    protected(path)
    make_directories(dirname(path))
    require_space(path, entry.size)  # fail now, not when the flash is full
    with Replacement(path) as file:
        while data := await reader.read():
            file.write(data)
    keep_mode(normal(path, process.cwd), entry.mode & 0o7755)


def keep_mode(path, mode):
    """Give a file the mode in the archive, minus a umask of 022.

    Most archives come from a computer, where .py files are rarely executable: that does not deserve a table entry.
    """
    if mode != attributes.usual(path, 0) and (mode & 0o111 or mode & 0o644 != 0o644):
        attributes.set_mode(path, mode)
