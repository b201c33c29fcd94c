# bzcat - print files of bzip2 decompressed
# usage: bzcat [FILE...]
#
# The same as `bunzip2 -c`, which says what fits in memory.

from bzip2 import decompress

from program import each, options

proc = None


async def __main__(args):
    _, files = options(args, "")
    return await each(files, lambda name, stream: decompress(stream, proc.stdout.write))
