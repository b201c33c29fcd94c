# The work of gzip, gunzip and zcat.

import os

from archive import gz
from base.errors import Failure
from base.files import Replacement, Walk, unlink
from base.paths import basename, exists, isdir
from process import cpu
from program import complain, confirm, odd, open_input, options, protected, status

LETTERS = "123456789cdfklNnqrS:tv"
LONG = (
    ("decompress", "d"),
    ("force", "f"),
    ("keep", "k"),
    ("list", "l"),
    ("quiet", "q"),
    ("stdout", "c"),
    ("test", "t"),
    ("to-stdout", "c"),
    ("verbose", "v"),
    ("suffix", "S"),
    ("recursive", "r"),
    ("fast", "1"),
    ("best", "9"),
    ("name", "N"),
    ("no-name", "n"),
)


async def main(args, always=""):
    """Run the program; always: options implied by its name."""
    opts, files = options(args, LETTERS, LONG)
    given = opts.given
    for letter in always:
        given[letter] = True
    process = cpu.current
    back = "d" in opts or "t" in opts or "l" in opts
    if "l" in opts:
        process.stdout.write("  compressed uncompressed  ratio uncompressed_name\n")
    for name in files or ["-"]:
        try:
            if name == "-":
                await (stream_back if back else stream_forth)(process.stdin, opts)
            elif not isdir(name):
                await process_file(name, opts, back)
            elif "r" in opts:
                for path, directory, _ in Walk(name, odd):
                    if directory is False:
                        await process_file(path, opts, back)
            else:
                complain(name, "is a directory -- ignored")
        except (OSError, Failure) as e:
            complain(name if name != "-" else "", e)
    return status()


async def process_file(name, opts, back):
    """Process one file."""
    if "l" in opts:
        listed(name)
    elif back:
        await file_back(name, opts)
    else:
        await file_forth(name, opts)


async def stream_forth(stream, opts):
    """Compress a stream to standard output."""
    out = gz.Deflating(cpu.current.stdout.write)
    while data := await stream.read():
        out.write(data)
    out.close()


async def stream_back(stream, opts):
    file = await gz.spool(stream)
    source = gz.Inflating(file, "-")
    try:
        while data := await source.read():
            if "t" not in opts:
                cpu.current.stdout.write(data)
    finally:
        if isinstance(file, gz.Spool):
            file.close()


async def may_write(target, opts):
    """Return whether a file may be written: it does not exist, or -f or the user allows it."""
    protected(target)
    if "f" in opts or not exists(target):
        return True
    if cpu.current.stdin.isatty() and await confirm(f"overwrite {target}? "):
        return True
    complain(target, "already exists (-f overwrites)")
    return False


async def file_forth(name, opts):
    """Compress a file to NAME.gz."""
    suffix = opts["S"] or ".gz"
    if name.endswith(suffix) and "f" not in opts and "c" not in opts:
        return complain(name, f"already has {suffix} suffix -- unchanged")
    stream = open_input(name)
    try:
        if "c" in opts:
            return await stream_forth(stream, opts)
        target = name + suffix
        if not await may_write(target, opts):
            return
        with Replacement(target) as file:
            out = gz.Deflating(file.write, basename(name) if "n" not in opts else "")
            while data := await stream.read():
                out.write(data)
            out.close()
    finally:
        stream.close()
    finish(name, target, os.stat(name)[6], os.stat(target)[6], opts)


async def file_back(name, opts):
    """Decompress a file to its name without the suffix."""
    suffix = opts["S"] or ".gz"
    if not exists(name) and exists(name + suffix):
        name += suffix
    target = name[: -len(suffix)] if name.endswith(suffix) else name[:-4] + ".tar" if name.endswith(".tgz") else ""
    only = "c" in opts or "t" in opts
    if not target and not only:
        os.stat(name)
        return complain(name, "unknown suffix -- ignored")
    source = gz.Inflating(open(name, "rb"), name)
    try:
        if only:
            while data := await source.read():
                if "t" not in opts:
                    cpu.current.stdout.write(data)
            if "t" in opts and "v" in opts:
                cpu.current.stderr.write(f"{name}:\t OK\n")
            return
        if not await may_write(target, opts):
            return
        with Replacement(target) as file:
            while data := await source.read():
                file.write(data)
    finally:
        source.close()
    finish(name, target, os.stat(target)[6], os.stat(name)[6], opts)


def finish(name, target, size, packed, opts):
    """Remove the old file; with -v print the ratio."""
    if "v" in opts:
        cpu.current.stderr.write(f"{name}:\t{ratio(size, packed)} -- replaced with {target}\n")
    if "k" not in opts:
        unlink(name)


def ratio(size, packed):
    return f"{(size - packed) * 100 / size:.1f}%" if size else "0.0%"


def listed(name):
    """Print a line of -l."""
    with open(name, "rb") as file:
        if file.read(2) != gz.MAGIC:
            raise Failure(name, "not in gzip format")
        packed = file.seek(0, 2)
        file.seek(-4, 2)
        tail = file.read(4)
    size = tail[0] | tail[1] << 8 | tail[2] << 16 | tail[3] << 24
    title = name[:-3] if name.endswith(".gz") else name
    cpu.current.stdout.write(f"{packed:12d} {size:12d} {ratio(size, packed):>6} {title}\n")
