# telnetd: a shell for users who log in.
#
# In system.conf: "telnetd": {"port": 23, "sessions": 16, "idle": 1800, "bind": "0.0.0.0"}; idle in seconds,
# 0 for no limit; bind is the address to listen on.

from micropython import const

NAME = "telnetd"
_PORT = const(23)
_SESSIONS = const(16)
_UNAUTHENTICATED = const(8)
_IDLE = const(1800)
_MEMORY = const(65_536)  # bytes free for another session, and for programs in it
_FULL = b"%s\r\n"


def begin():
    """Start the service; Failure or OSError if it cannot start."""
    from services import daemon  # late: each client has this module, and nothing of that one

    package = "services.telnet"
    return daemon.begin(
        NAME, package, _PORT, ("sessions", _SESSIONS), _UNAUTHENTICATED, _IDLE, _FULL, _MEMORY, shell=True
    )
