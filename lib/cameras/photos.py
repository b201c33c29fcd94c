# Photos as files: names by the date, safe writing, streams; and the LED that lights them.

import os

from base.errors import Failure
from base.paths import exists

PATTERN = "photo-%Y%m%d-%H%M%S.jpg"  # the name of a photo that gets none
_PIECE = 1024  # bytes written to a stream at a time
_DIGITS = {"Y": 4, "y": 2, "m": 2, "d": 2, "j": 3, "H": 2, "M": 2, "S": 2}  # that strftime makes of a letter
_SAME_MAX = 100  # photos in one second


def name(pattern, zone):
    """A path that does not exist yet: pattern as strftime makes it, in the time zone TZ; Failure if all are taken."""
    from base import clock, dates  # late: a photo with a name of its own needs no date

    path = dates.strftime(pattern, clock.now(), zone)
    stem, dot, ending = path.rpartition(".") if "." in path.rsplit("/", 1)[-1] else (path, "", "")
    for number in range(_SAME_MAX):
        found = f"{stem}-{number}{dot}{ending}" if number else path
        if not exists(found):
            return found
    raise Failure(path, "File exists")


def save(frame, path, make=False):
    """Write a frame to a new file, sync it, rename it over the old one; OSError, and then the old file is there.

    make: missing directories are made.
    """
    from base.files import Replacement, make_directories, require_space  # late: a photo may go down a pipe

    directory = path.rpartition("/")[0]
    if make and directory and not exists(directory):
        make_directories(directory)
    require_space(path, len(frame))
    with Replacement(path) as file:
        file.write(frame)


def shape(pattern):
    """A pattern with a NUL for each digit that strftime puts in; Failure if it has letters that stand for no digits."""
    out = []
    parts = pattern.replace("%F", "%Y-%m-%d").split("%")
    for part in parts[1:]:
        count = _DIGITS.get(part[:1])
        if not count:
            raise Failure(pattern, "with a limit, only %Y %y %m %d %j %H %M %S %F")
        out.append("\0" * count + part[1:])
    return parts[0] + "".join(out)


def fits(form, path):
    """Whether a path is one that name() makes from a pattern of this shape."""
    if len(path) > len(form):  # one of several in a second
        stem, _, ending = path.rpartition(".")
        stem, dash, number = stem.rpartition("-")
        if not dash or not number.isdigit():
            return False
        path = f"{stem}.{ending}"
    if len(path) != len(form):
        return False
    for i in range(len(form)):
        if not (path[i].isdigit() if form[i] == "\0" else path[i] == form[i]):
            return False
    return True


def limit(pattern, count, size):
    """Remove the oldest photos of a pattern until at most count of them and size bytes are left; None for no limit.

    The oldest has the first name. Each search looks at all files and keeps one name, so that thousands need no memory.
    """
    from base.files import Walk, unlink  # late: only for a limit

    form = shape(pattern)
    start = pattern[: pattern.find("%")]
    top = start[: start.rfind("/") + 1].rstrip("/") or ("/" if start[:1] == "/" else ".")
    skip = 2 if top == "." else 0  # the "./" before a name
    while exists(top):
        oldest = None
        number = total = 0
        for path, is_directory, _ in Walk(top):
            path = path[skip:]
            if is_directory is False and fits(form, path):
                number += 1
                total += os.stat(path)[6]
                if oldest is None or path < oldest:
                    oldest = path
        if oldest is None or not (count is not None and number > count or size is not None and total > size):
            return
        unlink(oldest)
        prune(oldest, top)


def prune(path, top):
    """Remove the directories of a file that are empty now, below top."""
    while (path := path.rpartition("/")[0]) and path != top:
        try:
            os.rmdir(path)
        except OSError:  # it is not empty
            return


async def send(frame, stream):
    """Write a frame to a stream of a process, piece by piece, as its reader takes it."""
    view = memoryview(frame)
    for at in range(0, len(view), _PIECE):
        stream.write(bytes(view[at : at + _PIECE]))
        if stream.full:
            await stream.drain()


class Flash:
    """`with Flash(wanted):` the LED that the board file calls `flash` is on; Failure if there is none."""

    def __init__(self, wanted):
        self.pin = None
        if wanted:
            from base import board  # late: few photos need the LED

            number = (board.get("ledio") or ({},))[0].get("flash")
            if number is None:
                raise Failure("flash", "no such LED in the board file")
            from machine import Pin  # late: as above

            self.pin = Pin(number, Pin.OUT)

    def __enter__(self):
        if self.pin:
            self.pin.value(1)

    def __exit__(self, *args):
        if self.pin:
            self.pin.value(0)
