# timelapse - take a photo at regular intervals
# usage: timelapse [-f] [-s SIZE] [-q QUALITY] [-n COUNT] [-k COUNT] [-m BYTES] -i INTERVAL [PATTERN]
#
# Take a photo now and after each INTERVAL (10s, 5m, 1h) and print its name. PATTERN is its path, with the letters of `date +`:
# photo-%Y%m%d-%H%M%S.jpg, or /sd/%Y-%m-%d/%H%M%S.jpg; missing directories are made.
#   -n COUNT  end after so many photos       -s SIZE, -q QUALITY, -f  as in `photo`
#   -k COUNT  keep the last COUNT photos     -m BYTES  keep at most so many bytes (20M): the oldest ones are removed
# -k and -m count the files that the PATTERN can have made, in the order of their names: it should have the year first. Nothing
# else is remembered, so a timelapse goes on after a power cut. No photo is ever damaged. One that fails is reported, and
# the next one is taken at its time.
# Examples:  timelapse -i 10m -s UXGA -m 500M /sd/%Y-%m-%d/%H%M%S.jpg &
#            echo '@reboot timelapse -i 1h -k 48 /home/t-%Y%m%d%H%M.jpg' | crontab -

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from base.errors import Failure, Usage
from base.units import seconds, size
from cameras import photos
from cameras.camera import Camera
from program import complain, options, protected, status

proc = None

STEP_MS = 3_600_000  # of one wait: the range of ticks is limited to some days
LEAST_S = 0.1
MOST_S = 86_400 * 366


async def __main__(args):
    opts, words = options(args, "fs:q:n:k:m:i:", most=1)
    if not opts["i"]:
        raise Usage("missing INTERVAL", "-i")
    interval = seconds(opts["i"])
    if not LEAST_S <= interval <= MOST_S:
        raise Usage("invalid interval", opts["i"])
    pattern = words[0] if words else photos.PATTERN
    count, keep, most = opts.number("n", 0), opts.number("k", 0), size(opts["m"]) if opts["m"] else 0
    if keep or most:
        photos.shape(pattern)
    protected(pattern)
    Camera(opts["s"], opts["q"])  # Failure for a value that would fail each time
    left = 0  # milliseconds to the next photo
    done = 0
    while True:
        start = ticks_ms()
        try:
            await take(opts, pattern, keep, most)
        except (Failure, OSError) as e:
            complain("", e)
        done += 1
        if count and done >= count:
            return status()
        left += int(interval * 1000) - ticks_diff(ticks_ms(), start)
        while left < 0:  # those that are over are not made up for
            left += int(interval * 1000)
        left = await pause(left)


async def pause(left):
    """Wait so many milliseconds; returns what of them is left, which is what it was late, below 0."""
    while left > STEP_MS:
        await asyncio.sleep_ms(STEP_MS)
        left -= STEP_MS
    due = ticks_add(ticks_ms(), left)
    await asyncio.sleep_ms(left)
    return ticks_diff(due, ticks_ms())


async def take(opts, pattern, keep, most):
    """One photo; older ones make room for it."""
    with photos.Flash(opts["f"]), Camera(opts["s"], opts["q"]) as camera:
        frame = await camera.capture()
        path = photos.name(pattern, proc.getenv("TZ"))
        if keep or most:
            photos.limit(pattern, keep - 1 if keep else None, most - len(frame) if most else None)
        photos.save(frame, path, True)
    proc.stdout.write(path + "\n")
