# tail - print the last lines of files
# usage: tail [-fqv] [-n COUNT | -c COUNT | -COUNT] [-s SECONDS] [FILE...]
#
# Print the last 10 lines of each FILE, or of standard input; several files get a heading each.
#   -n COUNT  number of lines; +COUNT: from that line on     -c COUNT  the same in bytes
#   -f, -F    follow the files until interrupted; a file may be replaced, or created later
#   -s SECONDS  polling interval of -f (0.2)                 -q  no headings      -v  always headings
# Limit: 128 KiB from a pipe.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/tail.html

import asyncio
import os

from micropython import const

from base.units import size
from process.files import save
from program import inputs, options, status
from text.ends import copy_from, last_bytes, last_lines, skip_lines

proc = None

LONG = (("lines", "n"), ("bytes", "c"), ("follow", "f"), ("quiet", "q"), ("verbose", "v"))


async def __main__(args):
    if args and args[0][:1] == "+" and args[0][1:].isdigit():
        args = ["-n"] + args  # the form tail +5, older than POSIX
    opts, files = options(args, "n:c:fFs:qv", LONG, "n")
    kind, where = "n", "10"
    for letter, value in opts.order:
        if letter in "nc":
            kind, where = letter, value
    count = size(where.lstrip("+-"))
    titles = "v" in opts or (len(files) > 1 and "q" not in opts)
    follow = ("f" in opts or "F" in opts) and [name for name in files if name != "-"]
    shown = None
    for name, stream in inputs(files):
        if titles:
            title(name, shown)
            shown = name
        if where[0] == "+":
            if kind == "c":
                await copy_from(stream, count - 1, proc.stdout)
            else:
                await skip_lines(stream, count - 1, proc.stdout)
        elif kind == "c":
            await last_bytes(stream, count, proc.stdout)
        else:
            await last_lines(stream, count, proc.stdout)
    if follow:
        follower = Follower(follow, float(opts["s"] or 0.2))
        while True:
            name, data = await follower.more()
            if titles and name != shown:
                title(name, shown)
                shown = name
            proc.stdout.write(data)
    return status()


def title(name, before):
    proc.stdout.write(f"{'' if before is None else chr(10)}==> {'standard input' if name == '-' else name} <==\n")


# --- Waiting for additions to files (-f).
#
# Each poll looks up the file by name: an open handle of littlefs does not see what others append, and a file that was
# replaced (rotated) is found again.

CHUNK = const(1024)


class Follower:
    """Waits for additions to files."""

    def __init__(self, names, seconds):
        self.names = names
        self.pause = max(int(seconds * 1000), 10)
        self.seen = {name: _size(name) for name in names}  # bytes of each already shown

    async def more(self):
        """Wait for the next addition; return (name, bytes)."""
        while True:
            save()
            for name in self.names:
                size = _size(name)
                seen = self.seen[name]
                if size < seen:  # truncated, replaced or removed
                    self.seen[name] = seen = 0
                if size > seen:
                    try:
                        with open(name, "rb") as file:
                            file.seek(seen)
                            data = file.read(CHUNK)
                    except OSError:  # removed meanwhile
                        continue
                    self.seen[name] = seen + len(data)
                    if data:
                        return name, data
            await asyncio.sleep_ms(self.pause)


def _size(path):
    try:
        return os.stat(path)[6]
    except OSError:
        return 0
