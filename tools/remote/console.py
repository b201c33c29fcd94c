"""diatom console: the board's terminal in this one."""

import os
import select
import sys
import time

from remote import address
from remote.errors import RemoteError, Unreachable
from remote.line import Raw, put
from remote.tracebacks import Tracebacks

LEAVE = b"\x1d"  # Ctrl-]
AGAIN = 0.3  # seconds between two looks for a port that has gone


def arguments(parser, verb):
    parser.epilog = (
        "Ctrl-] leaves. A serial board that resets or is unplugged is waited for; over ftp:// addresses it is a telnet "
        "session of the same board."
    )


def run(options, out):
    """Until Ctrl-], or the end of standard input."""
    if options.json:
        raise RemoteError("console: what a console says is no JSON (run --json is)", 2)
    source = sys.stdin.fileno()
    out.remark("Ctrl-] leaves")
    begun = False  # the board has been there: it may come again
    said = ""  # why it is waited for
    with Raw(source):
        while True:
            try:
                with address.connect(options, out) as board:
                    line = board.terminal()
                    begun, said = True, ""
                    if not getattr(line, "ready", b""):
                        line.write(b"\r")  # a prompt
                    if relay(line, source):
                        break
            except Unreachable as e:
                if not begun:
                    raise
                if str(e) != said:
                    put(b"\r\n[%s; waiting for the board, Ctrl-] leaves]\r\n" % str(e).encode())
                said = str(e)
                if not os.isatty(source):
                    raise RemoteError(str(e)) from None
            if left(source):
                break
    put(b"\r\n" if os.isatty(source) else b"")
    return 0


def relay(line, source):
    """Pass everything both ways; True when the user has left."""
    output = Tracebacks()
    while True:
        ready = select.select([line.fileno(), source], [], [])[0]
        if line.fileno() in ready:
            put(output.feed(line.read()))
        if source in ready:
            keys = os.read(source, 4096)
            if LEAVE in keys or not keys:
                line.write(keys.partition(LEAVE)[0])
                end = time.monotonic() + (0 if keys else 1)
                while not keys and time.monotonic() < end:  # after a pipe: what it has asked for may still come
                    put(output.feed(line.read(0.2)))
                put(output.rest())
                return True
            line.write(keys)


def left(source):
    """Wait a moment before the next try; True when the user leaves."""
    if select.select([source], [], [], AGAIN)[0]:
        keys = os.read(source, 4096)
        return LEAVE in keys or not keys
    return False
