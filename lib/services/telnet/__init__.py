# telnetd: a shell for everybody who connects and logs in.
#
# In system.conf: "telnetd": {"port": 23, "sessions": 16, "idle": 1800, "bind": "0.0.0.0"}; idle in seconds, 0 for
# ever; bind the address to listen at.

from micropython import const

NAME = "telnetd"
_PORT = const(23)
_SESSIONS = const(16)
_STRANGERS = const(8)
_IDLE = const(1800)
_MEMORY = const(65_536)  # bytes free for another session: its own, and those with which programs can be started
_FULL = b"%s\r\n"


def begin():
    """Start the service; Failure or OSError where it cannot be."""
    from services import daemon  # late: each client has this module, and nothing of that one

    room = "services.telnet"
    return daemon.begin(NAME, room, _PORT, ("sessions", _SESSIONS), _STRANGERS, _IDLE, _FULL, _MEMORY, shell=True)
