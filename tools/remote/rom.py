"""The ROMFS partition of a board: what is in it, and a new image into it."""

import base64
import contextlib
import os
import tempfile
from types import SimpleNamespace

from mpremote.transport import TransportExecError

from remote.board import digest
from remote.errors import RemoteError, Unreachable
from remote.output import size

TIMEOUT = 60  # seconds
PIECE = 1024  # bytes in a line

HASH = """
import vfs
from hashlib import sha256
print(_d_h(sha256(memoryview(vfs.rom_ioctl(2, 0))[:%d]).digest()).decode())
"""

# Takes an image while nothing runs but this and the firmware: what lies in the partition is gone meanwhile, the system
# with its own print and import among it. So it does not return; the board starts with what is there then.
TAKE = """
import sys, vfs, machine, select
from hashlib import sha256
def _d_take(size):
 read, say, io, unpack = sys.stdin.readline, sys.stdout.write, vfs.rom_ioctl, _d_a
 poll = select.poll()
 poll.register(sys.stdin, select.POLLIN)
 try:
  unit = io(3, 0, size)
  if unit < 0: raise OSError(-unit)
  say('%d\\n' % unit)
  at = 0
  while at < size:
   text = ''
   while text[-1:] != '\\n':
    poll.poll()
    text += read() or ''
   data = unpack(text)
   data += b'\\xff' * (-len(data) % unit)
   if (io(4, 0, at, data) or 0) < 0: raise OSError(5)
   at += len(data)
   say('+\\n')
  io(5, 0)
  say('%s\\n' % _d_h(sha256(memoryview(io(2, 0))[:size]).digest()).decode())
 except Exception as e:
  say('-%r\\n' % e)
 machine.reset()
_d_take(%SIZE%)
"""


def hash_of(board, count):
    """The SHA-256 of the first bytes of the partition."""
    return board.call(HASH % count, "/rom", timeout=TIMEOUT).decode().strip()


def write(board, image, out):
    """The image into the partition, by mpremote; what is there then is read back."""
    from mpremote import commands

    link = getattr(board, "link", None)
    if link is None:
        raise RemoteError("a ROMFS partition is written over a serial line only")
    state = SimpleNamespace(transport=link, ensure_raw_repl=link.enter, did_action=lambda: None)
    with tempfile.NamedTemporaryFile(suffix=".romfs", delete=False) as file:
        file.write(image)
    try:
        out.remark("writing %s to the ROMFS partition ..." % size(len(image)))
        with open(os.devnull, "w") as null, contextlib.redirect_stdout(null):
            commands.do_romfs(
                state, SimpleNamespace(command=["deploy"], path=file.name, partition=0, mpy=False, output=None)
            )
    except (commands.CommandError, TransportExecError) as e:
        raise RemoteError("ROMFS: %s" % e) from None
    finally:
        os.remove(file.name)
    if hash_of(board, len(image)) != digest(image):
        raise RemoteError("the board reads back something else: the ROMFS partition")


def replace(board, image, out):
    """The image into the partition that the board's system runs from; the board restarts with it."""
    link = board.link
    board.prepare()
    link.exec_raw_no_follow(TAKE.replace("%SIZE%", str(len(image))))
    link.in_raw_repl = False
    board.epoch = None
    answer(link)  # how much is written at a time
    with out.bar("ROMFS", len(image)) as bar:
        for i in range(0, len(image), PIECE):
            piece = image[i : i + PIECE]
            link.serial.write(base64.b64encode(piece) + b"\n")
            if answer(link) != "+":
                raise Unreachable("the board does not go on with the ROMFS image")
            bar.advance(len(piece))
    if answer(link) != digest(image):
        raise RemoteError("the board reads back something else: the ROMFS partition")


def answer(link):
    """The board's next line."""
    line = link.read_until(1, b"\n", timeout=TIMEOUT).decode(errors="replace").strip()
    if line.startswith("-"):
        raise RemoteError("ROMFS: " + line[1:])
    return line
