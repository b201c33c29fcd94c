# crc32 - print the CRC-32 of files
# usage: crc32 [FILE...]
#
# Print the CRC that gzip, zip and PNG use, in hexadecimal, of each FILE, or of standard input.

from binascii import crc32

from program import inputs, options, status

proc = None


async def __main__(args):
    _, files = options(args, "")
    for name, stream in inputs(files):
        crc = 0
        while data := await stream.read():
            crc = crc32(data, crc)
        proc.stdout.write(f"{crc:08x}{' ' + name if len(files) > 1 else ''}\n")
    return status()
