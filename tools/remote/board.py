"""The operations on a board's files that every connection offers. Paths are absolute, with / between their parts.

A method raises the OSError that the board tells (FileNotFoundError and its like), Unreachable where the board does not
answer, and Unsupported where this way cannot do what is asked.
"""

import errno
import hashlib
import posixpath
import time
from typing import NamedTuple

from remote.errors import Unreachable, Unsupported, os_error

SUFFIX = ".new~"  # a file that is being written is called .NAME.new~; the board's own programs do so too
NAME_MAX = 200  # bytes of NAME in that: the whole may have 255
DIRECTORY = 0x4000
CTRL_U = b"\x15"
BEGIN_TIMEOUT, SHELL_TIMEOUT = 10, 600  # seconds for the shell to begin with a command; without a word of it
RESTART_TIMEOUT = 30  # seconds until a board that is to restart has ended its services
NO_FILES = "%s: this way does not reach the board's files (a serial port, ftp:// and http:// do)"


class Entry(NamedTuple):
    """A file or a directory; modified is seconds since 1970 in UTC, or None where the board cannot tell."""

    name: str
    directory: bool
    size: int
    modified: float | None

    def data(self):
        """For --json."""
        kind = "directory" if self.directory else "file"
        return {"name": self.name, "type": kind, "size": self.size, "modified": self.modified}


class Board:
    """The base class of connections to a board: operations built from the few primitives of the subclasses."""

    address = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Leave the board as it was."""

    # --- what each way brings: list stat read write remove rmdir mkdir rename hashes facts space

    def list(self, path):
        """The entries of a directory, sorted."""
        raise Unsupported(NO_FILES % self.address)

    def stat(self, path):
        """The Entry of a path."""
        raise Unsupported(NO_FILES % self.address)

    def read(self, path):
        """Yield a file's bytes in pieces."""
        raise Unsupported(NO_FILES % self.address)

    def write(self, path, data, advance=None):
        """Write a file atomically: it is the old one or the new one, whatever happens."""
        raise Unsupported(NO_FILES % self.address)

    def remove(self, path):
        """Remove a file."""
        raise Unsupported(NO_FILES % self.address)

    def rmdir(self, path):
        """Remove an empty directory."""
        raise Unsupported(NO_FILES % self.address)

    def mkdir(self, path):
        """Make a directory."""
        raise Unsupported(NO_FILES % self.address)

    def rename(self, old, new):
        """Rename; a file at the new place is replaced."""
        raise Unsupported(NO_FILES % self.address)

    def hashes(self, paths, advance=None):
        """{path: SHA-256 in hexadecimal, as the board reads it back}; a path that is no file is left out."""
        raise Unsupported(NO_FILES % self.address)

    def facts(self):
        """What the board is: a dictionary."""
        raise Unsupported(NO_FILES % self.address)

    def space(self, path="/"):
        """(size, free) of the file system in bytes."""
        raise Unsupported(NO_FILES % self.address)

    def execute(self, code, sink=None, timeout=10):
        """Run Python on the board; returns its output, or hands it to sink piece by piece."""
        raise Unsupported("%s: Python can be run over a serial line only" % self.address)

    def terminal(self):
        """A two-way connection to a shell of the board (remote.line.Line)."""
        raise Unsupported("%s: there is no terminal on this way" % self.address)

    def shell(self, text, sink=None):
        """(status, output) of a command for the board's shell; with sink, that is given the output piece by piece."""
        from remote.run import Marked, marked

        line = self.terminal()
        output, kept = Marked(), bytearray()
        try:
            line.write(CTRL_U + marked(text))
            while output.status is None:
                piece = line.read(SHELL_TIMEOUT if output.begun else BEGIN_TIMEOUT)
                if not piece:
                    raise Unreachable("%s: the board's shell does not answer" % self.address)
                (sink or kept.extend)(output.feed(piece).replace(b"\r\n", b"\n"))
        finally:
            line.close()
        return output.status, bytes(kept)

    def restart(self):
        """Start the board anew, in an orderly way."""
        line = self.terminal()
        end = time.monotonic() + RESTART_TIMEOUT
        try:
            line.write(CTRL_U + b"reboot\r")
            while time.monotonic() < end:
                line.read(1)
        except Unreachable:  # it has closed the connection
            return
        finally:
            line.close()
        raise Unreachable("%s: the board does not restart" % self.address)

    # --- what follows from that

    def read_all(self, path, advance=None):
        """A file as bytes."""
        pieces = []
        for piece in self.read(path):
            pieces.append(piece)
            if advance:
                advance(len(piece))
        return b"".join(pieces)

    def find(self, path):
        """The Entry of a path, or None."""
        try:
            return self.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def kept(self, path):
        """The entries of a directory that the flash keeps: /bin shows the programs in ROM, too."""
        entries = self.list(path)
        if path != "/bin":
            return entries
        try:
            rom = {(entry.name, entry.size) for entry in self.list("/rom/bin")}
        except (FileNotFoundError, NotADirectoryError):
            rom = set()
        return [entry for entry in entries if (entry.name, entry.size) not in rom]

    def walk(self, top, listed=None):
        """Yield (path, Entry) for everything below a directory, parents first; listed: what lists one, self.list or kept."""
        waiting = [top]
        while waiting:
            directory = waiting.pop()
            for entry in (listed or self.list)(directory):
                path = posixpath.join(directory, entry.name)
                yield path, entry
                if entry.directory:
                    waiting.append(path)

    def make_directories(self, path):
        """Make a directory and its parents where they are missing."""
        missing = []
        while path not in ("/", ""):
            entry = self.find(path)
            if entry:
                if not entry.directory:
                    raise os_error(errno.ENOTDIR, path)
                break
            missing.append(path)
            path = posixpath.dirname(path)
        for directory in reversed(missing):
            self.mkdir(directory)

    def remove_tree(self, path):
        """Remove a directory and everything in it."""
        found = list(self.walk(path))
        for inner, entry in reversed(found):
            (self.rmdir if entry.directory else self.remove)(inner)
        self.rmdir(path)


def digest(data):
    """The SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def temporary(path):
    """What a file is called while it is being written."""
    directory, name = posixpath.split(path)
    short = name.encode(errors="surrogateescape")[:NAME_MAX].decode(errors="ignore")
    return posixpath.join(directory, ".%s%s" % (short, SUFFIX))


def is_temporary(name):
    """Whether a file of this name is one that has not been completed."""
    return name.startswith(".") and name.endswith(SUFFIX)
