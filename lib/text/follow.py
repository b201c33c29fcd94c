# What is added to files, for `tail -f`.
#
# A file is looked up by its name each time: an open handle of littlefs does not see what others append, and a file
# that is replaced (rotated) is found again.

import asyncio
import os

from micropython import const

from process.files import save

CHUNK = const(1024)


class Follower:
    """Waits for additions to the files called names."""

    def __init__(self, names, seconds):
        self.names = names
        self.pause = max(int(seconds * 1000), 10)
        self.seen = {name: _size(name) for name in names}  # how much of each has been given

    async def more(self):
        """Wait; (name, bytes) of what came next."""
        while True:
            save()
            for name in self.names:
                size = _size(name)
                seen = self.seen[name]
                if size < seen:  # truncated, replaced or gone
                    self.seen[name] = seen = 0
                if size > seen:
                    try:
                        with open(name, "rb") as file:
                            file.seek(seen)
                            data = file.read(CHUNK)
                    except OSError:  # gone in between
                        continue
                    self.seen[name] = seen + len(data)
                    if data:
                        return name, data
            await asyncio.sleep_ms(self.pause)


def _size(path):
    try:
        return os.stat(path)[6]
    except OSError:
        return 0
