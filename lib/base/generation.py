# The generation of the file system: each write, rename or removal raises it, and caches of files compare it.

count = 0
attributes = None  # whether there are files in the table of base.attributes; None: not known yet
unsaved = []  # streams (process.files.FileStream) with output that their files do not have yet


def note():
    """Begin a new generation: a file has changed."""
    global count
    count += 1
