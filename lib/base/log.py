# The log: what the kernel and the services have to tell, the last lines of it in memory.
#
#   note("ftpd", "10.0.0.7 logged in as root")        note(..., ERR) for what somebody should look at
#
# `lines` holds (seconds of the clock, level, source, text); the levels are those of syslog (RFC 5424).

from micropython import const

from base.clock import now

ERR = 3
WARNING = 4
NOTICE = 5
INFO = 6

_LINES_MAX = const(48)
_TEXT_MAX = const(160)  # characters

lines = []


def note(source, text, level=INFO):
    """Add a line. Control characters in it become '?': a client's name cannot forge another line."""
    clean = "".join([c if c >= " " and c != "\x7f" else "?" for c in text[:_TEXT_MAX]])
    lines.append((now(), level, source, clean))
    if len(lines) > _LINES_MAX:
        del lines[0]
