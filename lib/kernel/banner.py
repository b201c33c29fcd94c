# The banner.

import gc
import sys

from micropython import const

from base import VERSION
from base.paths import space

_PART = const(512)  # characters of /etc/motd at a time: a line has its own cost


def show(kernel, board):
    """Name, version, board, memory and storage. board: what its file says."""
    from base.sizes import human

    gc.collect()
    free = gc.mem_free()
    total = free + gc.mem_alloc()
    size, room = space("/")
    write = kernel.stdout.write
    write(
        f"\nDiatom {VERSION} on {board_name(board)}, MicroPython {'.'.join([str(n) for n in sys.implementation.version[:3]])}\n"
    )
    write(f"Memory: {human(free)} of {human(total)} free.  Storage: {human(room)} of {human(size)} free.\n")
    try:
        with open("/etc/motd") as file:
            while text := file.read(_PART):
                write(text)
    except (OSError, UnicodeError):
        pass
    write("\n")


def board_name(board):
    """The name of the board, from its description or else from the firmware."""
    try:
        return board["board"]["name"]
    except (KeyError, TypeError):
        return getattr(sys.implementation, "_machine", sys.platform)
