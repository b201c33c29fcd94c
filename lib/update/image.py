# The ROMFS image of a release: which of its chunks differ from what is in the area. They are steps of the plan, of the kind b.

import asyncio
import os
from binascii import hexlify

from micropython import const

import romfs
from base.errors import Failure
from repository import source, verify
from update import ROOM, plan

PATH = "ROMFS image, chunk"  # the path of such a step begins so
_LIST = ROOM + "chunks"
_SHA = const(32)  # bytes of a hash in the list


def name(head):
    """The name of the image beside its manifest."""
    return f"diatom-{head.version}{head.kind[5:]}.romfs"


async def add_chunks(job, head, totals):
    """Append what differs to the plan, the first chunk last, and count it in totals. Failure if that is impossible."""
    device = romfs.device()
    if not device:
        raise Failure("", "this firmware has no writable ROMFS area")
    area = romfs.Area(device)
    size = head.rom["size"]
    if size > area.size:
        raise Failure("", f"the ROMFS image ({size // 1024} kB) is larger than the ROMFS area ({area.size // 1024} kB)")
    count = -(-size // romfs.CHUNK)
    listed = name(head) + ".chunks"
    try:
        await source.fetch(job.source, listed, _LIST, count * _SHA)
    except OSError as e:
        raise Failure(listed, f"cannot be fetched (error {e.errno or 0})")
    if hexlify(verify.digest(_LIST)).decode() != head.rom["chunks"]:
        raise Failure(listed, "checksum mismatch")
    with open(_LIST, "rb") as file, open(plan.PLAN, "a") as out:

        def put(index, sha):
            at = index * romfs.CHUNK
            length = min(romfs.CHUNK, size - at)
            totals.chunks += 1
            totals.bytes += length
            line = f"b {totals.steps() + totals.chunks} {length} {sha} {at} {PATH} {index}\n"
            if out.write(line) != len(line):
                raise OSError(28)  # ENOSPC

        first = hexlify(file.read(_SHA)).decode()
        for index in range(1, count):
            sha = hexlify(file.read(_SHA)).decode()
            at = index * romfs.CHUNK
            if "o" in job.opts or area.digest(at, min(romfs.CHUNK, size - at)) != sha:
                put(index, sha)
            await asyncio.sleep_ms(0)
        if totals.chunks or "o" in job.opts or area.digest(0, min(romfs.CHUNK, size)) != first:
            put(0, first)
    os.remove(_LIST)


def lines():
    """The lines of the journal about the chunks of the plan."""
    for step in plan.steps("b"):
        yield f"b {step.number} {step.at // romfs.CHUNK} {step.size} {step.sha}\n"
