"""A board at a serial line: its files through Python that runs in the raw REPL.

That Python needs nothing but MicroPython, so that the first deployment onto an empty board goes this way, too. The
helpers live in the REPL's namespace under names that begin with _d_, and are removed at the end.
"""

import ast
import base64
import errno
import posixpath
import re
import zlib

from mpremote.mp_errno import MP_ERRNO_TABLE
from mpremote.transport import TransportError, TransportExecError

from remote.board import DIRECTORY, Board, Entry, temporary
from remote.errors import RemoteError, Unreachable, os_error
from remote.link import Link

# (bytes of a file in one piece of code, bits of the window that it is compressed with); the second where memory is short.
PIECES = ((4096, 12), (512, 9))
PATHS = 16  # paths in one request
EPOCH_2000 = 946_684_800
HASH_TIMEOUT = 60

# What the board defines. _d_put gets base64 of raw deflate or of bytes; _d_end puts the file in its place; _d_rename does
# what lib/base/files.py does to spare the files beside that one.
HELPERS = """
import os as _d_os, sys as _d_sys
from binascii import a2b_base64 as _d_a, b2a_base64 as _d_b, hexlify as _d_h
try:
 import deflate as _d_z, io as _d_io
except ImportError:
 _d_z = None
def _d_open(t, p):
 global _d_f
 try:
  d = _d_os.stat(p)[0] & 0x4000
 except OSError:
  d = 0
 if d: raise OSError(21)
 _d_f = open(t, 'wb')
def _d_put(s, w):
 s = _d_a(s)
 if _d_z: s = _d_z.DeflateIO(_d_io.BytesIO(s), _d_z.RAW, w).read()
 if _d_f.write(s) != len(s): raise OSError(28)
def _d_end(t, p):
 _d_f.close()
 _d_move(t, p)
def _d_move(t, p):
 try:
  _d_os.rename(t, p)
 except OSError as e:
  if e.errno != 17: raise
  _d_os.remove(p)
  _d_os.rename(t, p)
 _d_note()
def _d_rename(t, p):
 n = t.rsplit('/', 1)[0] + '/.new~'
 try:
  with open(n, 'wb') as f: f.write(bytes(1024))
  _d_os.remove(n)
 except OSError:
  pass
 _d_move(t, p)
def _d_note():
 m = _d_sys.modules.get('base.generation')
 if m: m.note()
def _d_flash():
 try:
  import vfs
  for v, m in vfs.mount():
   if m == '/': return v
 except Exception:
  pass
 return _d_os
def _d_list(p, v=_d_os):
 for e in v.ilistdir(p):
  try:
   s = v.stat(p.rstrip('/') + '/' + e[0])
   print(repr((e[0], s[0], s[6], s[8])))
  except OSError:
   pass
def _d_get(p):
 b = bytearray(768)
 m = memoryview(b)
 with open(p, 'rb') as f:
  while True:
   n = f.readinto(b)
   if not n: break
   print(_d_b(m[:n]).decode(), end='')
def _d_hash(*paths):
 from hashlib import sha256
 b = bytearray(1024)
 m = memoryview(b)
 for p in paths:
  try:
   if _d_os.stat(p)[0] & 0x4000: raise OSError(21)
   h = sha256()
   with open(p, 'rb') as f:
    while True:
     n = f.readinto(b)
     if not n: break
     h.update(m[:n])
   print(_d_h(h.digest()).decode())
  except OSError:
   print('-')
import time as _d_t
print(_d_t.gmtime(0)[0], 1 if _d_z else 0)
"""

FORGET = "for _d in [n for n in globals() if n[:3] == '_d_']: del globals()[_d]\n"

FACTS = """
import gc
r = {'micropython': '.'.join([str(v) for v in _d_sys.implementation[1][:3]]), 'platform': _d_sys.platform}
i = _d_sys.implementation
r['machine'] = _d_os.uname()[4] if hasattr(_d_os, 'uname') else getattr(i, '_machine', '')
r['mpy'] = getattr(i, '_mpy', 0)
r['free_memory'] = gc.mem_free()
r['memory'] = gc.mem_free() + gc.mem_alloc()
try:
 import machine
 r['id'] = _d_h(machine.unique_id()).decode()
 r['mhz'] = (lambda f: f[0] if isinstance(f, tuple) else f)(machine.freq()) // 1000000
except Exception:
 pass
try:
 import vfs
 r['romfs'] = [d.ioctl(4, 0) * d.ioctl(5, 0) for d in [vfs.rom_ioctl(2, n) for n in range(vfs.rom_ioctl(1))]]
except Exception:
 r['romfs'] = []
m = _d_sys.modules.get('kernel.boot')
if m:
 r['diatom'] = getattr(_d_sys.modules['base'], 'VERSION', None) or m.VERSION
 r['place'] = getattr(m, '__file__', '')
m = _d_sys.modules.get('base.config')
if m:
 r['hostname'] = m.hostname()
print(repr(r))
"""


class SerialBoard(Board):
    """The files of the board at a serial port."""

    def __init__(self, device, baudrate=115200, address=None):
        self.address = address or device
        self.link = Link(device, baudrate)
        self.epoch = None  # seconds from 1970 to the board's time 0, once the helpers are there
        self.compresses = False

    def close(self):
        try:
            if self.epoch is not None and self.link.in_raw_repl:
                self.link.exec(FORGET)
        except (TransportError, RemoteError):
            pass  # the board has gone, and its namespace with it
        self.link.close()

    def execute(self, code, sink=None, timeout=10):
        try:
            self.link.enter()
            out, error = self.link.exec_raw(code, timeout=timeout, data_consumer=sink)
        except TransportExecError:
            raise
        except TransportError as e:
            raise Unreachable("%s: %s" % (self.address, e)) from None
        if error:
            raise TransportExecError(out, error.decode(errors="replace"))
        return out

    def call(self, code, path, sink=None, timeout=10):
        """Run code with the helpers; what the board raises becomes an OSError about path."""
        self.prepare()
        try:
            return self.execute(code, sink, timeout)
        except TransportExecError as e:
            restarted = "NameError: name '_d_" in e.error_output
            # Where memory was short, the board has made room now; but half of what was to be sent may be there already.
            if not restarted and ("MemoryError" not in e.error_output or sink or "_d_put" in code):
                raise board_error(e.error_output, path, self.address) from None
        if restarted:
            self.epoch = None
            self.prepare()
        try:
            return self.execute(code, sink, timeout)
        except TransportExecError as e:
            raise board_error(e.error_output, path, self.address) from None

    def prepare(self):
        """Define the helpers, once."""
        for last in (False, True) if self.epoch is None else ():
            try:
                year, compresses = self.execute(HELPERS).split()
            except TransportExecError as e:
                if not last and "MemoryError" in e.error_output:  # the board has made room now
                    continue
                raise board_error(e.error_output, self.address, self.address) from None
            self.epoch = EPOCH_2000 if year == b"2000" else 0
            self.compresses = compresses == b"1"
            break

    # --- files

    def list(self, path, volume="_d_os"):
        lines = self.call("_d_list(%r, %s)" % (path, volume), path).decode().splitlines()
        return sorted({self.entry(*ast.literal_eval(line)) for line in lines if line})

    def kept(self, path):
        if path != "/bin":
            return self.list(path)
        try:
            return self.list(path, "_d_flash()")
        except FileNotFoundError:  # all of it is in ROM
            return []

    def stat(self, path):
        mode, size, modified = ast.literal_eval(
            self.call("s=_d_os.stat(%r)\nprint((s[0], s[6], s[8]))" % path, path).decode()
        )
        return self.entry(posixpath.basename(path), mode, size, modified)

    def entry(self, name, mode, size, modified):
        directory = bool(mode & DIRECTORY)
        return Entry(name, directory, 0 if directory else size, modified + self.epoch if modified else None)

    def read(self, path):
        rest = bytearray()
        pieces = []

        def sink(data):
            nonlocal rest
            rest += data
            whole, _, rest = rest.rpartition(b"\n")
            for line in whole.split():
                pieces.append(base64.b64decode(line))

        self.call("_d_get(%r)" % path, path, sink, HASH_TIMEOUT)
        yield from pieces

    def write(self, path, data, advance=None):
        self.prepare()  # which also tells how a piece is packed
        told = 0  # what the bar knows of: a second try tells only what is beyond
        for size, bits in PIECES:
            done = 0
            try:
                for count in self.store(path, data, size, bits):
                    done += count
                    if advance and done > told:
                        advance(done - told)
                        told = done
                return
            except OSError as e:
                if e.errno != errno.ENOMEM or (size, bits) == PIECES[-1]:
                    raise

    def store(self, path, data, size, bits):
        """Send a file to the board in pieces; yield the number of bytes sent so far."""
        beside = temporary(path)
        pieces = [data[i : i + size] for i in range(0, len(data), size)]
        code = "_d_open(%r, %r)\n" % (beside, path)
        try:
            for piece in pieces[:-1]:
                self.call(code + "_d_put(%r, %d)" % (self.packed(piece, bits), bits), path)
                code = ""
                yield len(piece)
            if pieces:
                code += "_d_put(%r, %d)\n" % (self.packed(pieces[-1], bits), bits)
            self.call(code + "_d_end(%r, %r)" % (beside, path), path)
        except OSError:
            self.call("try:\n _d_f.close()\n _d_os.remove(%r)\nexcept (OSError, NameError): pass" % beside, beside)
            raise
        if pieces:
            yield len(pieces[-1])

    def packed(self, piece, bits):
        """Bytes as _d_put takes them."""
        if self.compresses:
            squeeze = zlib.compressobj(9, zlib.DEFLATED, -bits)
            piece = squeeze.compress(piece) + squeeze.flush()
        return base64.b64encode(piece)

    def remove(self, path):
        self.call("_d_os.remove(%r)\n_d_note()" % path, path)

    def rmdir(self, path):
        self.call("_d_os.rmdir(%r)\n_d_note()" % path, path)

    def mkdir(self, path):
        self.call("_d_os.mkdir(%r)" % path, path)

    def rename(self, old, new):
        self.call("_d_rename(%r, %r)" % (old, new), old)

    def hashes(self, paths, advance=None):
        found = {}
        for i in range(0, len(paths), PATHS):
            part = paths[i : i + PATHS]
            lines = self.call("_d_hash(*%r)" % (part,), part[0], timeout=HASH_TIMEOUT).decode().split()
            found.update((path, line) for path, line in zip(part, lines, strict=True) if line != "-")
            if advance:
                advance(len(part))
        return found

    def facts(self):
        facts = ast.literal_eval(self.call(FACTS, "/").decode().strip())
        return {"address": self.address, **facts}

    def space(self, path="/"):
        unit, blocks, free = ast.literal_eval(
            self.call("s=_d_os.statvfs(%r)\nprint((s[1], s[2], s[3]))" % path, path).decode()
        )
        return unit * blocks, unit * free

    def terminal(self):
        from remote.line import SerialLine

        self.link.leave()
        return SerialLine(self.link.serial)


def board_error(text, path, address):
    """The exception for a traceback of the board."""
    last = text.strip().splitlines()[-1] if text.strip() else "no reason given"
    match = re.match(r"OSError: (?:\[Errno (\d+)\]|(\d+)|\((\d+),)", last)
    if match:
        number = int(match[1] or match[2] or match[3])
        number = MP_ERRNO_TABLE.get(number, number)
        return os_error(number, path)
    if last.startswith("MemoryError"):
        return os_error(errno.ENOMEM, path)
    return RemoteError("%s: %s" % (address, last))
