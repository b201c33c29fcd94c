"""Errors between this computer and a board, as sentences for the user."""

import errno
import os


class RemoteError(Exception):
    """The text is what the user reads; status is the exit status."""

    def __init__(self, text, status=1):
        super().__init__(text)
        self.status = status


class Unreachable(RemoteError):
    """The board does not answer, or no longer does."""


class Unsupported(RemoteError):
    """This way to the board cannot do that."""


def os_error(number, path):
    """The OSError of this system for an error number: FileNotFoundError and its like."""
    return OSError(number, os.strerror(number), path)


def missing(path):
    return os_error(errno.ENOENT, path)
