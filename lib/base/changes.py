# How often a file has been written, renamed or removed, as far as this system knows: what caches files looks here.

count = 0
unsaved = []  # streams (process.files.FileStream) with output that their files do not have yet


def note():
    """A file has changed."""
    global count
    count += 1
