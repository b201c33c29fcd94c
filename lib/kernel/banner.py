# The banner: what a person sees first.

import gc
import sys

from base.paths import space
from kernel.boot import VERSION


def show(kernel):
    """Name, version, board, memory and storage."""
    from base.sizes import human

    gc.collect()
    free = gc.mem_free()
    total = free + gc.mem_alloc()
    size, room = space("/")
    write = kernel.stdout.write
    write(
        f"\nDiatom {VERSION} on {board_name()}, MicroPython {'.'.join([str(n) for n in sys.implementation.version[:3]])}\n"
    )
    write(f"Memory: {human(free)} of {human(total)} free.  Storage: {human(room)} of {human(size)} free.\n")
    try:
        with open("/etc/motd") as file:
            for line in file:
                write(line)
    except (OSError, UnicodeError):
        pass
    write("\n")


def board_name():
    """The name of the board, from its description or else from the firmware."""
    try:
        from base import board

        return board.get("board")["name"]
    except (ImportError, KeyError, TypeError, OSError, AttributeError):
        return getattr(sys.implementation, "_machine", sys.platform)
