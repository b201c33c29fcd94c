# motion - take a photo when something moves
# usage: motion [-l] [-t LEVEL] [-a CELLS] [-m MASK] [-c TIME] [-i TIME] [-n COUNT] [-s SIZE] [-q QUALITY] [-o PATTERN] [COMMAND]
#
# Compare small grey pictures, cell by cell (16 by 12 cells). When enough of them have changed, take a photo, print its name, and
# run COMMAND, a shell line, with $PHOTO for the name and $CELLS for the number of cells. Light that changes everywhere is no
# motion.
#   -t LEVEL    how much a cell must change, of 255 levels (12)     -a CELLS  how many cells (3)
#   -m MASK     a file with 12 lines of 16 characters: cells with # do not count
#   -c TIME     after a photo, wait so long (10s)                   -i TIME   between two pictures (500ms, as 0.5)
#   -n COUNT    end after so many photos                            -l  only print the cells of each picture that have changed
#   -o PATTERN  the path of a photo, as in `timelapse` (motion-%Y%m%d-%H%M%S.jpg)      -s SIZE, -q QUALITY  as in `photo`
# Between the small pictures and a photo the camera is set up anew, which takes a moment.
# Examples:  motion -c 1m 'wget -q -O - --post-file=$PHOTO http://server/' &      motion -l

import asyncio

from base.errors import Failure
from base.units import seconds
from cameras import photos
from cameras.camera import Camera
from program import complain, options, protected, status

proc = None

WIDTH = 160  # QQVGA
HEIGHT = 120
CELL = 10  # pixels
COLUMNS = WIDTH // CELL
ROWS = 2  # every second row of a cell counts


async def __main__(args):
    opts, words = options(args, "lt:a:m:c:i:n:s:q:o:", most=1)
    level, least, count = opts.number("t", 12), opts.number("a", 3), opts.number("n", 0)
    pattern = opts["o"] or "motion-%Y%m%d-%H%M%S.jpg"
    pause, rest = int(seconds(opts["i"] or "0.5") * 1000), int(seconds(opts["c"] or "10s") * 1000)
    mask = masked(opts["m"]) if opts["m"] else None
    protected(pattern)
    Camera(opts["s"], opts["q"])  # Failure for a value that would fail each time
    before = None
    taken = 0
    while True:
        cells = await look()
        found = changed(before, cells, level, mask) if before else 0
        before = cells
        if opts["l"]:
            proc.stdout.write(f"{found}\n")
        elif found >= least:
            try:
                await alarm(opts, pattern, found, words)
            except (Failure, OSError) as e:
                complain("", e)
            taken += 1
            before = None
            if count and taken >= count:
                return status()
            await asyncio.sleep_ms(rest)
        await asyncio.sleep_ms(pause)


async def look():
    """The brightness of each cell, as the sum of its pixels."""
    with Camera("QQVGA", grey=True) as camera:
        frame = await camera.capture()
        try:
            if len(frame) < WIDTH * HEIGHT:
                raise Failure("camera", "no grey frames of this size")
            cells = []
            for top in range(0, WIDTH * HEIGHT, WIDTH * CELL):
                sums = [0] * COLUMNS
                for at in range(top, top + WIDTH * CELL, WIDTH * ROWS):
                    row = bytes(frame[at : at + WIDTH])
                    for i in range(COLUMNS):
                        sums[i] += sum(row[i * CELL : (i + 1) * CELL])
                cells.extend(sums)
                await asyncio.sleep_ms(0)
            return cells
        finally:
            camera.free()


def changed(before, cells, level, mask):
    """How many cells have changed more than all together."""
    whole = (sum(cells) - sum(before)) // len(cells)
    level *= CELL * CELL // ROWS
    found = 0
    for i in range(len(cells)):
        if abs(cells[i] - before[i] - whole) > level and not (mask and mask[i] == "#"):
            found += 1
    return found


def masked(path):
    """The characters of a mask, one for each cell."""
    lines = []
    with open(path) as file:
        for line in file:
            lines.append((line.rstrip("\r\n") + " " * COLUMNS)[:COLUMNS])
            if len(lines) == HEIGHT // CELL:
                break
    mask = "".join(lines)
    return mask + " " * (COLUMNS * HEIGHT // CELL - len(mask))


async def alarm(opts, pattern, cells, words):
    """Take a photo, and run the command."""
    with Camera(opts["s"], opts["q"]) as camera:
        frame = await camera.capture()
        path = photos.name(pattern, proc.getenv("TZ"))
        photos.save(frame, path, True)
    proc.stdout.write(path + "\n")
    if words:
        before = proc.env
        try:
            proc.env = dict(before, PHOTO=path, CELLS=str(cells))
            await proc.run(["sh", "-c", words[0]])
        finally:
            proc.env = before
