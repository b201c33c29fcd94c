# webrepld: MicroPython's WebREPL: a Python prompt and files for its clients.
#
# In system.conf: "webrepld": {"port": 8266, "user": "root", "clients": 4, "idle": 1800, "bind": "0.0.0.0"}; idle in seconds,
# 0 for no limit. The protocol has a password and no name: clients are `user`, and log in with the password of that user.

from micropython import const

from base.errors import Failure

NAME = "webrepld"
_PORT = const(8266)
_CLIENTS = const(4)
_UNAUTHENTICATED = const(3)
_IDLE = const(1800)
_MEMORY = const(40_960)  # bytes free for another client, and for what runs at its prompt
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n%s\n"


def user_name():
    """Who the clients are."""
    from base import config, users  # late: each client has this module, and nothing of those

    return config.section(NAME).get("user", users.ROOT)


def begin():
    """Start the service; Failure or OSError if it cannot start."""
    from base import users  # late: as above
    from services import daemon

    name = user_name()
    user = users.find(name)
    if not users.is_open() and (not user or user.hash[:1] == "!"):
        raise Failure("", f"no password is set for {name}; use `passwd {name}`")
    package = "services.webrepl"
    return daemon.begin(NAME, package, _PORT, ("clients", _CLIENTS), _UNAUTHENTICATED, _IDLE, _FULL, _MEMORY)
