"""The ROMFS area of a board: its content, and writing a new image.

It is a block device, as rp2 and esp32 give it (vfs.rom_ioctl(2, 0)). The board restarts first, and recovery.py runs what
receives the image before anything of the system is loaded: none of what vanishes meanwhile is alive. The first block is
written last: until then the firmware finds no file system there, and after a power cut the board comes to its rescue
console instead of running half a system.
"""

import base64

from remote.board import digest
from remote.errors import RemoteError, Unreachable

TIMEOUT = 60  # seconds
LINES_MAX = 50
STATE = "/var/update/state"
PIECE = 1024  # bytes in a line; a block has a multiple of them

HASH = """
def _d_rom(size):
 import vfs
 from hashlib import sha256
 device = vfs.rom_ioctl(2, 0)
 b = bytearray(device.ioctl(5, 0))
 h = sha256()
 n = 0
 while size > 0:
  device.readblocks(n, b)
  h.update(memoryview(b)[:size])
  size -= len(b)
  n += 1
 return _d_h(h.digest()).decode()
print(_d_rom(%d))
"""

# It does not return; the board starts with what is there then.
TAKE = """
import sys, vfs, machine, select
from binascii import a2b_base64 as _d_a, hexlify as _d_h
from hashlib import sha256
def _d_take(size):
 read, say, unpack = sys.stdin.readline, sys.stdout.write, _d_a
 device = vfs.rom_ioctl(2, 0)
 poll = select.poll()
 poll.register(sys.stdin, select.POLLIN)
 try:
  unit = device.ioctl(5, 0)
  if size > unit * device.ioctl(4, 0): raise OSError(28)
  block = bytearray(unit)
  first = bytearray(unit)
  there = memoryview(block)
  back = bytearray(unit)
  try:
   vfs.umount('/rom')
  except OSError:
   pass
  device.writeblocks(0, block)
  say('%d\\n' % unit)
  whole = sha256()
  at = 0
  while at < size:
   text = ''
   while text[-1:] != '\\n':
    poll.poll()
    text += read() or ''
   data = unpack(text)
   place = at % unit
   there[place:place + len(data)] = data
   at += len(data)
   if at % unit == 0 or at == size:
    for i in range((at - 1) % unit + 1, unit): block[i] = 255
    number = (at - 1) // unit
    if number:
     device.writeblocks(number, block)
     device.readblocks(number, back)
     if back != block: raise OSError(5)
    else:
     first[:] = block
    whole.update(there[:(at - 1) % unit + 1])
   say('+\\n')
  device.writeblocks(0, first)
  device.readblocks(0, back)
  if back != first: raise OSError(5)
  say('%s\\n' % _d_h(whole.digest()).decode())
 except Exception as e:
  say('-%r\\n' % e)
 machine.reset()
_d_take(%SIZE%)
"""


def hash_of(board, count):
    """The SHA-256 of the first bytes of the area."""
    return board.call(HASH % count, "/rom", timeout=TIMEOUT).decode().strip()


def write(board, image, out):
    """Write the image into the area; the board restarts with it."""
    link = getattr(board, "link", None)
    if link is None:
        raise RemoteError("a ROMFS area is written over a serial line only")
    board.make_directories("/var/update")
    board.write(STATE, b"serve\n")
    link.enter()
    link.exec_raw_no_follow("import machine\nmachine.soft_reset()\n")
    link.in_raw_repl = False
    board.epoch = None
    for _ in range(LINES_MAX):  # what the end of the session and the start of the firmware say
        if answer(link) == "serve":
            break
    else:
        raise Unreachable("the board does not wait for the ROMFS image: is its /recovery.py the one of this tree?")
    code = TAKE.replace("%SIZE%", str(len(image)))
    link.serial.write(base64.b64encode(code.encode()) + b"\n")
    answer(link)  # how much is written at a time
    with out.bar("ROMFS", len(image)) as bar:
        for i in range(0, len(image), PIECE):
            piece = image[i : i + PIECE]
            link.serial.write(base64.b64encode(piece) + b"\n")
            if answer(link) != "+":
                raise Unreachable("the board does not go on with the ROMFS image")
            bar.advance(len(piece))
    if answer(link) != digest(image):
        raise RemoteError("the board reads back something else: the ROMFS area")


def answer(link):
    """The board's next line."""
    line = link.read_until(1, b"\n", timeout=TIMEOUT).decode(errors="replace").strip()
    if line.startswith("-"):
        raise RemoteError("ROMFS: " + line[1:])
    return line
