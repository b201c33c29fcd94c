# printf's %(...)T: a moment as strftime shows it.

from base import clock
from base.dates import from_unix, strftime
from base.errors import Failure
from process import cpu


def shown(form, when):
    """The text for seconds since 1970; -1, -2 or nothing is now."""
    try:
        seconds = int(when) if when else -1
    except ValueError:
        raise Failure(when, "not a number")
    moment = clock.now() if seconds < 0 else from_unix(seconds)
    return strftime(form or "%H:%M:%S", moment, cpu.current.getenv("TZ") or "")
