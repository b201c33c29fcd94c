# file - find out what files hold
# usage: file [-bhiL] [-f LIST] FILE...
#
#   -h, -L  no effect: there are no links
#   -b  without the names      -i  as a media type      -f LIST  the names are in LIST, one a line

import os

from base.errors import Usage
from program import complain, inputs, options, status
from text.kinds import kind

proc = None

LONG = (("brief", "b"), ("mime", "i"), ("mime-type", "i"), ("files-from", "f"))


async def __main__(args):
    opts, names = options(args, "bhif:L", LONG)
    if "f" in opts:
        for _, stream in inputs([opts["f"]]):
            while batch := await stream.lines():
                names.extend([line.decode() for line in batch])
    if not names:
        raise Usage("missing operand")
    width = max([len(name) for name in names]) + 1
    for name in names:
        try:
            text, media = await look(name)
        except OSError as e:
            complain(name, e)
            continue
        text = media if "i" in opts else text
        title = "" if "b" in opts else name + ":" + " " * (width - len(name))
        proc.stdout.write(f"{title}{text}\n")
    return status()


async def look(name):
    """(what it is, its media type)."""
    if name == "-":
        return kind(await proc.stdin.read(1024), "")
    bits = os.stat(name)[0]
    if bits & 0x4000:
        return "directory", "inode/directory"
    if bits & 0xF000 == 0x2000:
        return "character special", "inode/chardevice"
    with open(name, "rb") as file:
        return kind(file.read(1024), name)
