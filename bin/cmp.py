# cmp - compare two files byte by byte
# usage: cmp [-bls] [-n COUNT] [-i SKIP] FILE1 [FILE2 [SKIP1 [SKIP2]]]
#
# Report the first difference between FILE1 and FILE2 (default: standard input).
#   -l  all differences: offset, and both bytes in octal      -s  no output, only the status      -b  show the bytes
#   -n COUNT  compare at most COUNT bytes      -i SKIP  skip the first bytes of both
# Status: 0 equal, 1 different, 2 an error.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/cmp.html

from base.errors import Usage
from program import integer, open_input, options

proc = None

LONG = (
    ("silent", "s"),
    ("quiet", "s"),
    ("verbose", "l"),
    ("bytes", "n"),
    ("print-bytes", "b"),
    ("ignore-initial", "i"),
)


async def __main__(args):
    opts, files = options(args, "bi:ln:s", LONG)
    if not 1 <= len(files) <= 4:
        raise Usage("expected two files")
    names = (files + ["-"])[:2]
    both = (opts["i"] or "0").split(":")
    skips = [integer(text) for text in files[2:] or both]
    skips = (skips * 2 if len(skips) == 1 and not files[2:] else skips + [0])[:2]
    streams = []
    try:
        for name in names:
            try:
                streams.append(open_input(name))
            except OSError as e:
                if "s" not in opts:
                    proc.complain(name, e)
                return 2
        for i, stream in enumerate(streams):
            skip = skips[i]
            while skip > 0 and (data := await stream.read(min(skip, 1024))):
                skip -= len(data)
        return await compare(streams, names, opts, opts.number("n", -1))
    finally:
        for stream in streams:
            if stream is not proc.stdin:
                stream.close()


async def compare(streams, names, opts, left):
    place = 0
    line = 1
    parts = [b"", b""]
    different = 0
    ended = False  # the last byte was a newline
    while left:
        for i in range(2):
            if not parts[i]:
                parts[i] = await streams[i].read()
        n = min(len(parts[0]), len(parts[1]))
        if left > 0:
            n = min(n, left)
            left -= n
        if not n:
            break
        a, b = parts[0][:n], parts[1][:n]
        parts = [part[n:] for part in parts]
        if a != b:
            if "s" in opts:
                return 1
            different = 1
            for i in range(n):
                if a[i] != b[i]:
                    if "l" not in opts:
                        line += a.count(b"\n", 0, i)
                        text = f"{names[0]} {names[1]} differ: char {place + i + 1}, line {line}"
                        if "b" in opts:
                            text += f" is {a[i]:3o} {shown(a[i])} {b[i]:3o} {shown(b[i])}"
                        proc.stdout.write(text + "\n")
                        return 1
                    if "b" in opts:
                        proc.stdout.write(f"{place + i + 1} {a[i]:3o} {shown(a[i]):4} {b[i]:3o} {shown(b[i])}\n")
                    else:
                        proc.stdout.write(f"{place + i + 1} {a[i]:3o} {b[i]:3o}\n")
        place += n
        ended = a[-1] == 10
        line += a.count(b"\n")
    if left and parts != [b"", b""]:
        name = names[1] if parts[0] else names[0]
        if "s" not in opts:
            where = f"after byte {place}" if place else "which is empty"
            if place and "l" not in opts:
                where += f", line {line - 1}" if ended else f", in line {line}"
            proc.stderr.write(f"cmp: EOF on {name} {where}\n")
        return 1
    return different


def shown(byte):
    """Return a byte in the notation of cat -v."""
    text = "M-" if byte > 127 else ""
    byte &= 127
    return text + (chr(byte) if 32 <= byte < 127 else "^" + chr(byte ^ 64))
