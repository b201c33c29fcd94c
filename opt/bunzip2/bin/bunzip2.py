# bunzip2 - decompress files of bzip2
# usage: bunzip2 [-cfkt] [FILE...]
#
# Decompress each FILE.bz2 to FILE, and remove it; standard input to standard output. A .tbz2 becomes a .tar.
#   -c  to standard output; the files stay      -k  the files stay      -f  overwrite files
#   -t  only test the files      -d, -q, -s, -v  no effect
# A block, 900 kB or the whole of a smaller file, must fit in memory three times, beyond 64 kB four times. A file is
# replaced when the new one is complete.

from bzip2 import decompress

from base.errors import Failure
from base.files import Replacement, unlink
from base.paths import exists
from program import complain, open_input, options, protected, status

proc = None

LONG = "stdout=c decompress=d force=f keep=k test=t quiet=q small=s verbose=v"


async def __main__(args):
    opts, files = options(args, "cdfkqstv", LONG)
    for name in files or ["-"]:
        try:
            await one(name, opts)
        except (OSError, Failure) as e:
            complain(name if name != "-" else "", e)
    return status()


async def one(name, opts):
    """Decompress a file."""
    stream = open_input(name)
    try:
        if "t" in opts:
            return await decompress(stream, lambda data: None)
        if "c" in opts or name == "-":
            return await decompress(stream, proc.stdout.write)
        target = name_of(name)
        if not target:
            return complain(name, "unknown suffix -- ignored")
        protected(target)
        if exists(target) and "f" not in opts:
            return complain(target, "already exists (-f overwrites)")
        with Replacement(target) as file:
            await decompress(stream, file.write)
    finally:
        stream.close()
    if "k" not in opts:
        unlink(name)


def name_of(name):
    """The name of the decompressed file; None if the suffix tells nothing."""
    for suffix, other in ((".bz2", ""), (".bz", ""), (".tbz2", ".tar"), (".tbz", ".tar")):
        if name.endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)] + other
    return None
