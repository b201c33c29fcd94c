"""The board behind a mount: failures are OSErrors that programs understand, and a board that vanished may come back."""

import errno
import time

from remote.errors import RemoteError, Unreachable, os_error
from remote.ftp_board import FtpBoard

AGAIN = 2.0  # seconds in which a board that has gone is not asked again: whoever waits is told at once


class MountedBoard(FtpBoard):
    """An FtpBoard whose errors are all OSErrors; say(text) takes remarks for the user."""

    say = staticmethod(print)
    gone = None  # when the board was last found to have gone

    def do(self, path, action):
        if self.gone is not None and time.monotonic() - self.gone < AGAIN:
            raise os_error(errno.EHOSTDOWN, path)
        try:
            result = super().do(path, action)
        except Unreachable as e:
            if self.gone is None:
                self.say(str(e))
            self.gone = time.monotonic()
            raise os_error(errno.EHOSTDOWN, path) from None
        except RemoteError as e:
            self.say(str(e))
            raise os_error(errno.EACCES, path) from None
        except OSError:
            self.back()
            raise
        self.back()
        return result

    def back(self):
        """The board has answered."""
        if self.gone is not None:
            self.gone = None
            self.say("%s answers again" % self.address)
