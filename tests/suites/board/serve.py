# serve - run cases one after the other
# usage: serve SECONDS
#
# A line of standard input is the directory of a case: case.json says how it runs; the script, its input, the working
# directory and what comes out are in there as well. Each case is answered with a line: its directory and its status.

import asyncio
import json
from time import ticks_diff, ticks_ms

from process import find
from process import process as processes
from process.files import FileStream

proc = None


async def __main__(args):
    limit = int(float(args[0]) * 1000)
    while line := await proc.stdin.readline():
        place = line.decode().strip()
        proc.stdout.write(f"{place} {await run(place, limit)}\n")


async def run(place, limit):
    """Run the case in the directory place: the status, or "timeout"."""
    with open(place + "/case.json") as file:
        case = json.load(file)
    streams = (open(place + "/stdin", "rb"), open(place + "/stdout", "wb"), open(place + "/stderr", "wb"))
    stdin, stdout, stderr = [FileStream(stream) for stream in streams]
    for path, mode in case["modes"].items():
        from base import attributes  # late: few cases have any, and they share the board's memory

        attributes.set_mode(path, mode)
    began = ticks_ms()
    shell = processes.spawn("sh", case["args"], proc, find.find("sh", proc), stdin=stdin, stdout=stdout, stderr=stderr)
    shell.env = case["env"]
    shell.cwd = case["cwd"]
    status = shell.status
    while status is None or others(shell):  # output of what runs in the background counts, as it does in a pipe
        if ticks_diff(ticks_ms(), began) > limit:
            if status is None:
                status = "timeout"
            break
        await asyncio.sleep_ms(1)
        if status is None:
            status = shell.status
    processes.table.pop(shell.pid, None)
    while left := others(shell):
        for process in left:
            process.kill(9)
        await asyncio.sleep_ms(1)
    return status


def others(shell):
    """The shell and what it has left, as far as they run."""
    return [p for p in processes.table.values() if p.pid >= shell.pid and p.status is None]
