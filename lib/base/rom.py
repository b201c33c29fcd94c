# What of the system lies in read-only memory: frozen into the firmware, or at /rom (ROMFS, or packs).
#
# `diatom freeze` makes the module diatom_frozen for a firmware with this system in it; boot.py decides whether that is
# used, or what lies elsewhere.

import os


def is_frozen():
    """True where the running system is that of the firmware: its modules have no absolute path."""
    return __file__[:1] != "/"


def programs():
    """The names of the programs that are frozen into the firmware and belong to the running system."""
    if not is_frozen():
        return ()
    return __import__("diatom_frozen").PROGRAMS


def is_stale():
    """True where the files of the flash hold a system, too, which the firmware's has been preferred to."""
    return is_frozen() and __import__("diatom_frozen").in_files() is not None


def flash():
    """The file system at /, whatever is mounted below it; the module os where the firmware cannot tell."""
    try:
        import vfs

        for volume, point in vfs.mount():
            if point == "/":
                return volume
    except (ImportError, TypeError):
        pass
    return os
