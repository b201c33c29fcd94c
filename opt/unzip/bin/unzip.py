# unzip - extract and list zip archives
# usage: unzip [-cjlnopqt] [-d DIR] [-x NAME...] ARCHIVE [NAME...]
#
# Extract all files, or those that match a NAME, which may be a pattern.
#   -l  list them      -t  test them      -p, -c  to standard output (-c with their names)      -d DIR  extract there
#   -o  overwrite      -n  never overwrite (one of both must be given where a file exists)      -j  without directories
#   -q  quiet      -x NAME...  all but those (last)
# Stored and deflated files; no encryption, no parts, up to 2 GiB. Absolute names and names with ".." are refused.
# Status: 1 some were left out, 2 a damaged archive, 9 none was found, 11 no file matched.

import asyncio
from binascii import crc32

import deflate

from base.errors import Failure, Usage
from base.files import Replacement, make_directories, require_space
from base.paths import basename, dirname, exists, join
from program import complain, options, protected
from text.pattern import match

proc = None

TAIL = 65557  # bytes at the end of an archive that can contain the end-of-directory record
CHUNK = 1024
DAMAGED = "not a zip archive, or damaged"


class Entry:
    """A member of the archive."""

    def __init__(self, data, name):
        self.flags, self.method = number(data, 8, 2), number(data, 10, 2)
        self.time, self.date = number(data, 12, 2), number(data, 14, 2)
        self.crc, self.packed, self.size = number(data, 16, 4), number(data, 20, 4), number(data, 24, 4)
        self.offset = number(data, 42, 4)
        self.name = name

    def when(self):
        d, t = self.date, self.time
        return f"{1980 + (d >> 9)}-{d >> 5 & 15:02d}-{d & 31:02d} {t >> 11:02d}:{t >> 5 & 63:02d}"


def number(data, at, size):
    return int.from_bytes(data[at : at + size], "little")


def entries(file):
    """Yield the entries of the central directory."""
    size = file.seek(0, 2)
    file.seek(max(size - 22, 0))
    tail = file.read(22)
    if tail[:4] != b"PK\5\6":  # an archive comment follows
        file.seek(max(size - TAIL, 0))
        tail = file.read(TAIL)
        at = tail.rfind(b"PK\5\6")
        if at < 0:
            raise Failure("", DAMAGED, 9)
        tail = tail[at:]
    count, place = number(tail, 10, 2), number(tail, 16, 4)
    for _ in range(count):
        file.seek(place)
        head = file.read(46)
        if head[:4] != b"PK\1\2" or len(head) < 46:
            raise Failure("", DAMAGED, 2)
        length = number(head, 28, 2)
        raw = file.read(length)
        place += 46 + length + number(head, 30, 2) + number(head, 32, 2)
        try:
            name = raw.decode()
        except UnicodeError:
            name = "".join([chr(byte) for byte in raw])
        yield Entry(head, name)


def opened(file, entry):
    """Open the content of an entry as a stream."""
    file.seek(entry.offset)
    head = file.read(30)
    if head[:4] != b"PK\3\4":
        raise Failure(entry.name, DAMAGED, 2)
    if entry.flags & 1:
        raise Failure(entry.name, "encrypted: not supported")
    if entry.method not in (0, 8):
        raise Failure(entry.name, f"compression method {entry.method} is not supported")
    file.seek(entry.offset + 30 + number(head, 26, 2) + number(head, 28, 2))
    return deflate.DeflateIO(file, deflate.RAW, 15) if entry.method else file


async def copy(file, entry, write):
    """Pass the content of an entry to write(data), checking its size and CRC."""
    source = opened(file, entry)
    left, total = entry.size, 0
    while left:
        try:
            data = source.read(min(left, CHUNK))
        except (OSError, EOFError):
            data = b""
        if not data:
            raise Failure(entry.name, "invalid compressed data", 2)
        write(data)
        total = crc32(data, total)
        left -= len(data)
        await asyncio.sleep_ms(0)
    if total != entry.crc:
        raise Failure(entry.name, "bad CRC", 2)


async def __main__(args):
    left_out = []
    if "-x" in args:
        at = args.index("-x")
        args, left_out = args[:at], args[at + 1 :]
    opts, names = options(args, "cjlnopqtd:")
    if not names:
        raise Usage("missing ARCHIVE")
    archive = names[0] if exists(names[0]) else names[0] + ".zip"
    names = names[1:]
    status = found = size = 0
    with open(archive, "rb") as file:
        if "l" in opts:
            proc.stdout.write(f"Archive:  {archive}\n  Length      Date    Time    Name\n")
            proc.stdout.write("---------  ---------- -----   ----\n")
        elif not {"p", "q"} & set(opts.given):
            proc.stdout.write(f"Archive:  {archive}\n")
        for entry in entries(file):
            wanted = not names or any(match(name, entry.name) for name in names)
            if not wanted or any(match(name, entry.name) for name in left_out):
                continue
            found += 1
            size += entry.size
            try:
                if "l" in opts:
                    proc.stdout.write(f"{entry.size:>9}  {entry.when()}   {entry.name}\n")
                else:
                    await one(file, entry, opts)
            except (Failure, OSError) as e:
                complain(entry.name, e)
                status = max(status, e.status if isinstance(e, Failure) else 1)
    if "l" in opts:
        proc.stdout.write(f"---------                     -------\n{size:>9}                     {found} files\n")
    if not found and (names or left_out):
        complain(names[0] if names else archive, Failure("", "not matched"))
        return 11
    return status


async def one(file, entry, opts):
    """Extract, test or print one entry."""
    name = entry.name
    if "p" in opts or "c" in opts:
        if "c" in opts:
            proc.stdout.write(f"  inflating: {name}\n")
        return await copy(file, entry, proc.stdout.write)
    if "t" in opts:
        await copy(file, entry, len)
        return say(opts, f"    testing: {name:<24} OK\n")
    if name.startswith("/") or "\\" in name or ".." in name.split("/"):
        raise Failure(name, "absolute names and '..' are not allowed")
    path = join(opts["d"] or "", basename(name) if "j" in opts else name)
    if name.endswith("/"):
        if "j" not in opts:
            make_directories(path.rstrip("/"))
        return
    if exists(path) and "o" not in opts:
        if "n" in opts:
            return
        raise Failure(path, "already exists; -o overwrites, -n leaves it")
    protected(path)
    make_directories(dirname(path))
    require_space(path, entry.size)
    say(opts, f"  inflating: {path}\n" if entry.method else f" extracting: {path}\n")
    with Replacement(path) as new:
        await copy(file, entry, new.write)


def say(opts, text):
    if "q" not in opts:
        proc.stdout.write(text)
