# Photos as files: names by the date, safe writing, streams; and the LED that lights them.

from base.errors import Failure
from base.paths import exists

PATTERN = "photo-%Y%m%d-%H%M%S.jpg"  # the name of a photo that gets none
_PIECE = 1024  # bytes written to a stream at a time
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


def save(frame, path):
    """Write a frame to a new file, sync it, rename it over the old one; OSError, and then the old file is there."""
    from base.files import Replacement, require_space  # late: a photo may go down a pipe

    require_space(path, len(frame))
    with Replacement(path) as file:
        file.write(frame)


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
