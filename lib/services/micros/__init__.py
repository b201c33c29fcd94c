# micros: what clients of micrOS find on a node: Load Modules, tasks and a shell on a socket.
#
# docs/micros.md describes it. Clients log in with the password of the user `micros`; without one the service does not start.

from micropython import const

from base.errors import Failure

NAME = "microsd"
_UNAUTHENTICATED = const(3)
_MEMORY = const(16_384)  # bytes free for another client
_BUSY = b"Connection is busy. Bye!\n"


def begin():
    """Start the service; Failure or OSError if it cannot start."""
    from base import users  # late: each client has this module, and nothing of those
    from services import daemon
    from services.micros import settings
    from services.micros.node import Node

    user = users.find(settings.USER)
    if settings.get("auth") and (not user or user.hash[:1] == "!"):
        raise Failure("", f"no password is set for its clients; use `passwd {settings.USER}`")
    clients = settings.get("aioqueue")
    node = Node(
        NAME,
        "services.micros",
        settings.get("socport"),
        clients,
        min(_UNAUTHENTICATED, clients),
        settings.get("soctout") * 1000,
        _BUSY,
        _MEMORY,
    )
    daemon.start(node)
    node.begin()
    return node
