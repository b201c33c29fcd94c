# Making archives of tar.

import os

from archive import ustar
from base.dates import from_unix
from base.errors import Failure, reason
from base.files import Replacement, Walk
from base.paths import join, normal
from process import cpu
from program import complain, odd, open_input, protected, status
from text.pattern import match


async def create(archive, names, opts):
    """Put files into an archive; returns the status."""
    if archive == "-":
        await write(cpu.current.stdout.write, archive, names, opts)
        return 2 * status()
    protected(archive)
    with Replacement(archive) as file:

        def put(data):
            try:
                file.write(data)
            except OSError as e:  # of the archive, not of what goes into it: there is no point in going on
                raise Failure("", reason(e))

        await write(put, archive, names, opts)
    return 2 * status()


async def write(put, archive, names, opts):
    packer = None
    if "z" in opts:
        from archive.gz import Deflating

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
                if any(match(glob, shown) or match(glob, shown.split("/")[-1]) for glob in opts.all("^")):
                    walk.prune()
                elif normal(path, cpu.current.cwd) != archive:
                    written += await one(put, path, shown, directory, archive, opts)
        except OSError as e:
            complain(name, e)
    put(bytes(2 * ustar.BLOCK))
    if packer:
        packer.close()


async def one(put, path, shown, directory, archive, opts):
    """Put one file or directory into the archive."""
    name = shown.lstrip("/")
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    if not name or name == ".":
        name = "."
    if ".." in name.split("/"):
        complain(shown, "names with .. are refused")
        return 0
    stat = os.stat(path)
    moment = stat[8] - from_unix(0)
    if directory:
        entry = ustar.Entry(name + "/", 0, ustar.DIRECTORY, moment, 0o755)
    else:
        entry = ustar.Entry(name, stat[6], ustar.FILE, moment)
    if "v" in opts:
        out = cpu.current.stderr if archive == "-" else cpu.current.stdout
        out.write(entry.name + "\n")
    if directory:
        put(ustar.header(entry))
        return 1
    stream = open_input(path)
    try:
        put(ustar.header(entry))
        left = entry.size
        while left and (data := await stream.read(min(left, 1024))):
            put(data)
            left -= len(data)
        put(bytes(left + -entry.size % ustar.BLOCK))  # a file that became shorter is filled up
    finally:
        stream.close()
    return 1
