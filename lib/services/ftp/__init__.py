# ftpd: the files of the board, for everybody who logs in (RFC 959, 1123, 2389, 2428, 3659).
#
# In system.conf: "ftpd": {"port": 21, "clients": 8, "idle": 300, "passive": [13333, 16], "readonly": false,
# "bind": "0.0.0.0"}; idle in seconds, passive the first port for data and how many there are, bind the address to
# listen at.

from micropython import const

NAME = "ftpd"
_PORT = const(21)
_CLIENTS = const(8)
_STRANGERS = const(8)
_IDLE = const(300)
_MEMORY = const(24_576)  # bytes free for another client
_FULL = b"421 %s\r\n"


def begin():
    """Start the service; Failure or OSError where it cannot be."""
    from services import daemon  # late: each client has this module, and nothing of that one

    room = "services.ftp"
    return daemon.begin(NAME, room, _PORT, ("clients", _CLIENTS), _STRANGERS, _IDLE, _FULL, _MEMORY)
