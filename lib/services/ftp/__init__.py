# ftpd: the files of the board, for users who log in (RFC 959, 1123, 2389, 2428, 3659).
#
# In system.conf: "ftpd": {"port": 21, "clients": 8, "idle": 300, "passive": [13333, 16], "readonly": false,
# "bind": "0.0.0.0"}; idle in seconds, passive the first data port and their number, bind the address to listen on.

from micropython import const

NAME = "ftpd"
_PORT = const(21)
_CLIENTS = const(8)
_UNAUTHENTICATED = const(8)
_IDLE = const(300)
_MEMORY = const(24_576)  # bytes free for another client
_FULL = b"421 %s\r\n"


def begin():
    """Start the service; Failure or OSError if it cannot start."""
    from services import daemon  # late: each client has this module, and nothing of that one

    package = "services.ftp"
    return daemon.begin(NAME, package, _PORT, ("clients", _CLIENTS), _UNAUTHENTICATED, _IDLE, _FULL, _MEMORY)
