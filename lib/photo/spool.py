# The spool: photos that wait until a server has them. A photo is one file in the directory; it is there from the moment in which
# accept() returns until discard(), whatever happens to the power between.

import os

from micropython import const

from base import clock, dates, paths
from base.errors import Failure
from base.files import Replacement, exists, listed, make_directories, require_space, unlink
from base.paths import join

DIRECTORY = "/var/spool/photos"
TARGET = "/local/photoq"  # the file with the URL; it may have a password in it
_TRIES = const(10)  # names
_NAME_MAX = const(100)
_NAME_CHARS = "-_.~"  # besides letters and digits: what a URL and an FTP command need not quote


class Spool:
    """The photos in a directory. quota: bytes that may wait."""

    def __init__(self, directory, quota):
        self.directory = directory
        self.quota = quota
        make_directories(directory)

    def waiting(self):
        """(name, bytes) of the photos, oldest first."""
        found = []
        for name, mode in listed(self.directory):
            if name[:1] == "." or mode & paths.DIRECTORY:  # being written; a directory
                continue
            status = os.stat(join(self.directory, name))
            found.append((status[8], name, status[6]))
        found.sort()
        return [(name, size) for _, name, size in found]

    def path(self, name):
        return join(self.directory, name)

    def accept(self, length):
        """A Replacement for a new photo of so many bytes, under a name that no other ever has; Failure if the spool is full."""
        self.check(length)
        require_space(self.directory, length)
        stamp = dates.strftime("%Y%m%d-%H%M%S", clock.now(), "")
        number = len([name for name, _ in self.waiting() if name.startswith(stamp)])  # keeps them in order
        for _ in range(_TRIES):
            path = self.path(f"{stamp}-{number:02}{os.urandom(4).hex()}.jpg")
            if not exists(path):
                return Replacement(path)
        raise Failure(self.directory, "no free name")

    def check(self, length):
        """Failure if there is no room for a photo of so many bytes."""
        used = sum([size for _, size in self.waiting()])
        if used + length > self.quota:
            raise Failure(self.directory, f"{used} of {self.quota} bytes are in use")

    def discard(self, name):
        """The photo is not needed any more."""
        unlink(self.path(name))


def target():
    """The URL that `photoq to` has stored; "" if there is none."""
    try:
        with open(TARGET) as file:
            return file.readline().strip()
    except OSError:
        return ""


def fits(name):
    """Whether a name can be that of a file on any server; others would need quoting."""
    if len(name) > _NAME_MAX:
        return False
    for char in name:
        if not ("a" <= char <= "z" or "A" <= char <= "Z" or "0" <= char <= "9" or char in _NAME_CHARS):
            return False
    return True
