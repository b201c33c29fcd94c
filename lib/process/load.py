# Loading programs: every run has globals of its own, and a second start costs next to nothing.
#
# A program is imported, since that is the one way that is the same for .py and .mpy. An imported .mpy cannot be
# executed again with new globals, so an image that has finished is kept, with its globals as they were right after
# the import, and serves the next run; one that is busy is not shared. A program whose globals hold something that a
# run could have changed in place (a list, a dict) is not kept.

import gc
import os
import sys
from time import ticks_diff, ticks_ms

from micropython import const

try:
    import vfs
except ImportError:  # firmware before 1.23
    vfs = None

from base import changes
from base.modules import forget_hollow, unload
from process import cpu
from process.find import held, let_go, stamp

_IMAGES_MAX = const(8)  # finished images kept
_AMPLE = const(98304)  # bytes of free heap with which another process is started
_MORE = const(2)  # images or modules more than when memory was given back last: that is tried again
_LOOK = const(24576)  # bytes of compiled programs and modules that are loaded between two looks at the memory
_MODULE = const(2048)  # bytes that a module is taken for
_RESERVE = const(24576)  # bytes that must be free otherwise: those that run need some, too
_PIECE = const(4096)  # and so many of them in one piece
_LINE = const(8192)  # bytes with which a line can be read and run,
_LINE_PIECE = const(2048)  # and so many of them in one piece
_FREE_MIN = const(24576)  # bytes of free heap below which none is kept

_CHECK_MS = const(1000)  # how long an image is taken for current when nobody is known to have written a file

_kept = []  # finished images, the last used last
_busy = []  # images that run
_releases = 0
_loaded = -40 * _MODULE  # bytes of compiled programs since the last look at the memory, less what modules took then
_dropping = False
place = []  # a piece of memory that a session keeps free for the interpreter's table of names
minds = None  # its function that sees whether to give it back
_least = 0  # modules with which giving memory back is of no use

# What compiled programs in /bin are imported as: MicroPython never forgets a name, and those of each would be two more.
# What a traceback calls them is in the files.
_STEM = "/bin/x/x"
_SOURCE = "/x/x.py"
for _asked in ("/x/x", _SOURCE, "/x/x.mpy"):  # by each import: a str that is a name already is found sooner than made
    getattr(os, _asked, None)

_MUTABLE = (list, dict, set, bytearray)


class Image:
    """One loaded instance of a program."""

    reusable = True  # nothing that a run could change in place is among its globals
    stamp = None  # what changes when the file does; None where that has not been asked for

    def __init__(self, path, known):
        global _loaded
        self.path = path
        if path.endswith(".mpy"):
            place = Place(path)
            if _loaded + len(sys.modules) * _MODULE > _LOOK:  # asking for the memory takes as long as loading
                look()
            self.globals = load_globals(path, place)
            # What it takes is about as much; measuring it would take longer than loading it.
            self.memory = place.size
            _loaded += place.size
            if known:  # this would, too: a program that is used again after a while is loaded once more instead
                self.stamp = stamp(path)
        else:
            self.stamp = stamp(path)
            make_room()
            before = gc.mem_alloc()
            self.globals = load_globals(path, Place(path))
            gc.collect()  # what the compiler left is not the program's
            self.memory = max(gc.mem_alloc() - before, 0)
        self.fresh = self.globals.copy()
        for value in self.fresh.values():
            if isinstance(value, _MUTABLE):
                self.reusable = False
                break
        self.epoch = changes.count
        self.checked = ticks_ms()

    def is_current(self):
        """False when the file has changed since it was loaded. Asking the file system costs more than a start."""
        if self.epoch == changes.count and ticks_diff(ticks_ms(), self.checked) < _CHECK_MS:
            return True
        self.epoch = changes.count
        self.checked = ticks_ms()
        return bool(self.stamp) and self.stamp == stamp(self.path)

    def knows_system(self):
        """True for a program that takes something of lib/program: it has no loop that never waits, and reads files.

        Those of the system are such. In a thread they would read files at the same time as the loop, and there is nothing
        that would keep the two apart.
        """
        for value in self.globals.values():
            space = getattr(value, "__globals__", None)  # of a function
            if space and space.get("__name__") == "program":
                return True
        return False

    def begin(self, process):
        """Give the program its process (the protocol of upyOS); returns its main function."""
        if "proc" in self.globals:
            self.globals["proc"] = process
        return self.globals["__main__"]


class Place:
    """A program's file. For one in /bin also a file system of nothing else, that stands there while it is imported.

    MicroPython asks for a directory of the program's name, for NAME.py and for NAME.mpy before it opens one of them, and
    each time the file system reads through all of /bin: this takes a third of the time.
    """

    size = 0  # bytes

    def __init__(self, path):
        self.path = path

    def mounted(self):
        """Take the place of /bin, where this can be. Elsewhere a program may read other files meanwhile."""
        path = self.path
        if not vfs or path.rfind("/") != 4 or not path.startswith("/bin/"):
            self.size = os.stat(path)[6]
            return False
        self.file = held(path)
        self.size = self.file.seek(0, 2)
        self.file.seek(0)
        try:
            vfs.mount(self, "/bin")
            return True
        except OSError:  # somebody has mounted something there
            self.file.close()
            return False

    def mount(self, readonly, mkfs):
        """For vfs.mount()."""

    def umount(self):
        """For vfs.umount()."""
        self.file.close()

    def stat(self, name):
        if name == _SOURCE:
            raise OSError(2)
        return (0x8000, 0, 0, 0, 0, 0, 0, 0, 0, 0)

    def open(self, name, mode):
        return self.file


def load_globals(path, place):
    """The globals of a freshly loaded program."""
    dot = path.find(".")
    if dot == path.rfind(".") and path.endswith((".py", ".mpy")):
        mounted = place.mounted()
        stem = _STEM if mounted and path.endswith(".mpy") else path[:dot]
        modules = sys.modules
        modules.pop(stem, None)
        try:
            return __import__(stem).__dict__
        finally:
            modules.pop(stem, None)
            if mounted:
                vfs.umount(place)
    with open(path) as file:  # a name with dots is no module for import
        code = compile(file.read(), path, "exec")
    space = {"__name__": path.rsplit(".", 1)[0], "__file__": path}
    exec(code, space)
    return space


def acquire(path):
    """An image of the program at path that nobody else uses."""
    known = False
    for i in range(len(_kept)):
        image = _kept[i]
        if image.path == path:
            known = True
            del _kept[i]
            if image.is_current():
                let_go()
                _busy.append(image)
                return image
            break
    try:
        image = Image(path, known)
    except MemoryError:
        sys.modules["process.process"].drop(True)
        image = Image(path, known)
    finally:
        cpu.moved()
    if "__main__" not in image.globals:
        raise ImportError("no __main__(args) in " + path)
    _busy.append(image)
    return image


def release(image):
    """The run has ended: keep the image for the next one, if that may be and there is room."""
    global _releases
    _busy.remove(image)
    if not image.reusable:
        return
    space = image.globals
    space.clear()
    try:
        space.update(image.fresh)
        _kept.append(image)
    except MemoryError:  # it is loaded again
        return
    _releases += 1
    if len(_kept) > _IMAGES_MAX:
        del _kept[0]
    if not _releases & 31 and gc.mem_free() < _FREE_MIN:  # asking takes as long as a small program
        gc.collect()
        while _kept and gc.mem_free() < _FREE_MIN:
            del _kept[0]
            gc.collect()


def is_room(reserve=_RESERVE, piece=_PIECE):
    """True where so many bytes are free, some of them in one piece; if need be after what is kept is given back."""
    for given in range(3):
        if given:  # first the libraries of programs, then what the shell can load again, too
            drop(given > 1)
        if gc.mem_free() >= _AMPLE:
            return True
        try:
            bytearray(piece)
            if gc.mem_free() >= reserve:
                return True
        except MemoryError:  # what is free is in small pieces
            pass
    return False


def is_starving():
    """True where there is no room even for reading and running a line, whatever is given back."""
    try:
        bytearray(_LINE)
        return False
    except MemoryError:
        pass
    try:
        return not is_room(_LINE, _LINE_PIECE)
    except MemoryError:
        return True


def look():
    """Make room where memory is not ample, and begin to count anew what is loaded."""
    global _loaded
    if gc.mem_free() < _AMPLE:
        make_room()
    _loaded = -len(sys.modules) * _MODULE


def make_room():
    """Give memory back where less than a third of the heap is free and that may help."""
    global _least
    gc.collect()  # what stays of that which is loaded now shall lie close to the rest
    free = gc.mem_free()
    if free * 2 < gc.mem_alloc() and (len(_kept) > _MORE or len(sys.modules) > _least):
        try:
            drop(True, keep=True)
        except MemoryError:
            pass
        _least = len(sys.modules) + _MORE


def drop(shell=False, running=True, keep=False):
    """Forget all images that nobody uses and the libraries of programs, and give their memory back.

    shell: rooms of the shell, too. running: a script may be in the middle of something; what would only be loaded a
    second time then is kept. keep: nothing has failed, and the place for names stays.
    """
    global _dropping
    _kept.clear()
    forget_hollow()
    gc.collect()
    if place and shell and not keep:
        minds(True)
    if _dropping:  # an import of what makes room has found none: it is half loaded
        return
    _dropping = True
    try:
        try:
            give_back(shell, running)
        except MemoryError:  # first what can be found without any memory
            forget_hollow()
            forget_room("text.")
            if len(sys.modules["process.process"].table) == 1:
                forget_room("shell.")  # only the kernel is left
            gc.collect()
            give_back(shell, running)
    finally:
        _dropping = False
        unload("process.reclaim")
    gc.collect()


def give_back(shell, running):
    """Find what nobody has, and forget it."""
    from process import reclaim  # late: while memory is ample nobody needs it

    if shell:
        reclaim.shell(running)
    reclaim.libraries(_busy)


def forget_room(prefix):
    """Forget the modules whose names begin so, without a list of them."""
    while True:
        for name in sys.modules:
            if name.startswith(prefix) and name != "shell.login":
                break
        else:
            return
        unload(name)


def forget(names):
    """Give back the memory of modules that nobody needs now; the next import loads them again."""
    for name in names.split():
        unload(name)
    drop()
