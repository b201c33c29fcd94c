"""A file system whose files never end, whatever size they claim; what a board still does beside them."""

# The names tell what os.stat() says of their size.
SIZES = {"none": 0, "short": 10, "summed": 30_000, "long": 2_000_000_000}

# A program for the board: `endless` mounts it at /endless.
PROGRAM = """import io
import vfs
SIZES = %r
class File(io.IOBase):
  def __init__(self, text):
    self.text = text
  def read(self, n=-1):
    n = 1024 if n is None or n < 0 else min(n, 1024)
    return "x" * n if self.text else b"x" * n
  def readline(self, n=-1):
    return self.read(n)
  def readinto(self, buffer, n=None):
    buffer[:] = b"x" * len(buffer)
    return len(buffer)
  def ioctl(self, request, argument):
    return 0
  def seek(self, offset, whence=0):
    return 0
  def tell(self):
    return 0
  def close(self):
    pass
  def __enter__(self):
    return self
  def __exit__(self, *error):
    pass
class Tree:
  def mount(self, *args):
    pass
  def umount(self):
    pass
  def chdir(self, path):
    pass
  def getcwd(self):
    return "/"
  def stat(self, path):
    name = path.strip("/")
    if not name:
      return (0x4000,) + (0,) * 9
    if name not in SIZES:
      raise OSError(2)
    return (0x8000, 0, 0, 0, 0, 0, SIZES[name], 0, 0, 0)
  def statvfs(self, path):
    return (1024, 1024, 1 << 20, 1 << 20, 1 << 20, 0, 0, 0, 0, 255)
  def ilistdir(self, path):
    for name in SIZES:
      yield name, 0x8000, 0, SIZES[name]
  def open(self, path, mode):
    if "w" in mode or "a" in mode:
      raise OSError(30)
    self.stat(path)
    return File("b" not in mode)
  def remove(self, path):
    raise OSError(30)
  rmdir = mkdir = remove
  def rename(self, old, new):
    raise OSError(30)
def __main__(args):
  vfs.mount(Tree(), "/endless")
""" % (SIZES,)

DEVICES = ("zero", "full", "random", "urandom", "null", "tty", "stdin")


def mount(web):
    """Mount it on a board with a web server."""
    assert web.ask("PUT", "/fs/tmp/endless.py", PROGRAM.encode()).status == 201
    output, status = web.board.run("/tmp/endless; ls -1 /endless")
    assert status == 0 and output.split() == sorted(SIZES), output
