# Checksums as text: what md5sum, sha1sum and the others share.

import asyncio
import hashlib
from binascii import hexlify

from base.errors import Failure
from process import cpu
from program import complain, inputs, open_input, options, status

LETTERS = "bcqst"
LONG = (("binary", "b"), ("check", "c"), ("quiet", "q"), ("status", "s"), ("text", "t"))


async def main(args, kind, other=None):
    """The main function of a program for a kind of hashlib; other() gives the constructor where the firmware has none."""
    opts, files = options(args, LETTERS, LONG)
    make = getattr(hashlib, kind, None) or (other and other())
    if not make:
        raise Failure("", f"this firmware has no {kind}")
    if "c" in opts:
        for name, stream in inputs(files):
            await check(stream, name, make, "s" in opts, "q" in opts)
        return status()
    for name, stream in inputs(files):
        sum = await digest(stream, make)
        cpu.current.stdout.write(f"{sum} {'*' if 'b' in opts else ' '}{name}\n")
    return status()


async def digest(stream, make):
    """The checksum of a stream in hexadecimal."""
    state = make()
    piece = getattr(state, "piece", 0)
    while data := await stream.read(piece):
        state.update(data)
        if piece:
            await asyncio.sleep_ms(0)
    return hexlify(state.digest()).decode()


async def check(stream, title, make, silent, quiet):
    """Compare files with a list of sums and names."""
    process = cpu.current
    size = len(hexlify(make().digest()))
    wrong = missing = bad = good = 0
    while line := await stream.readline():
        line = line.decode().rstrip("\r\n")
        sum, _, name = line.partition(" ")
        if name[:1] in (" ", "*"):
            name = name[1:]
        if len(sum) != size or not name or sum.lower().strip("0123456789abcdef"):
            bad += 1
            continue
        good += 1
        try:
            file = open_input(name)
        except OSError as e:
            complain(name, e)
            missing += 1
            say(f"{name}: FAILED open or read\n", silent)
            continue
        try:
            same = await digest(file, make) == sum.lower()
        finally:
            if file is not process.stdin:
                file.close()
        wrong += not same
        if not same or not quiet:
            say(f"{name}: {'OK' if same else 'FAILED'}\n", silent)
    if not good:
        complain(title, "no checksums found")
    if wrong or missing:
        process.failed = 1
    if not silent:
        for count, text in (
            (bad, "lines are no checksums"),
            (missing, "listed files could not be read"),
            (wrong, "checksums did NOT match"),
        ):
            if count:
                process.stderr.write(f"{process.name}: WARNING: {count} {text}\n")


def say(text, silent):
    if not silent:
        cpu.current.stdout.write(text)
