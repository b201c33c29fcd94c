# cksum - print the checksum and the size of files
# usage: cksum [FILE...]
#
# Print the CRC of POSIX, the number of bytes and the name of each FILE, or of standard input.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/cksum.html

from binascii import crc32

from program import inputs, options, status

proc = None


async def __main__(args):
    _, files = options(args, "")
    # zlib's CRC has the same polynomial, but reflects the bits of each byte and of the result.
    mirror = bytes([mirrored(byte, 8) for byte in range(256)])
    for name, stream in inputs(files):
        size = 0
        crc = 0xFFFFFFFF
        while data := await stream.read():
            size += len(data)
            crc = crc32(bytes([mirror[byte] for byte in data]), crc)
        length = size
        while length:
            crc = crc32(mirror[length & 255 : (length & 255) + 1], crc)
            length >>= 8
        proc.stdout.write(f"{mirrored(crc, 32)} {size}{' ' + name if files else ''}\n")
    return status()


def mirrored(value, bits):
    out = 0
    for _ in range(bits):
        out = out << 1 | value & 1
        value >>= 1
    return out
