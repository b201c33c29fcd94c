# fileup - write typed or pasted text to a file
# usage: fileup FILE
#
# Reads lines until Ctrl-D on a line of its own, then replaces FILE atomically; Ctrl-C leaves FILE unchanged. 20 kB at
# most. From a pipe it reads any bytes.

from base.errors import Failure, Usage
from base.files import Replacement
from program import complain, options, protected

proc = None

SIZE_MAX = 20480


async def __main__(args):
    _, names = options(args, "")
    if len(names) != 1:
        raise Usage("expected one FILE")
    protected(names[0])
    if proc.stdin.isatty():
        proc.stderr.write("Type or paste; Ctrl-D on a line of its own ends it, Ctrl-C gives up.\n")
    size = 0
    try:
        with Replacement(names[0]) as file:
            while data := await proc.stdin.read():
                size += len(data)
                if size > SIZE_MAX:
                    raise Failure(names[0], f"more than {SIZE_MAX} bytes; nothing written")
                file.write(data)
    except OSError as e:
        complain(names[0], e)
        return 1
    proc.stdout.write(f"{names[0]}: {size} bytes\n")
