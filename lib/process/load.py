# Loading programs: each run has globals of its own, and a second start costs next to nothing.
#
# A program is imported, since that is the one way that is the same for .py and .mpy. An imported .mpy cannot be
# executed again with new globals. So the image of a program that has ended is kept, with its globals as they were right
# after the import, and serves the next run. A running image is not shared: a second run imports another. An image whose
# globals hold what a run may have changed in place (a list, a dict) is not kept.

import gc
import sys
from time import ticks_diff, ticks_ms

from micropython import const

from base import generation
from process import cpu, memory
from process.find import FROZEN_PLACE, stamp

_IMAGES_MAX = const(8)  # images kept
_CHECK_MS = const(1000)  # how long an image counts as current if no file is known to have been written

_KEPT_FREE = const(65536)  # bytes of free heap with which an image is kept: its copy of the globals takes a kilobyte

_MUTABLE = (list, dict, set, bytearray)

kept = []  # images that no process runs, least recently used first
running = []  # images that run


class Image:
    """One loaded instance of a program."""

    # reusable: nothing that a run could change in place is among its globals, and there was memory for a copy of them.

    def __init__(self, path):
        self.path = path
        self.stamp = stamp(path)  # what changes when the file does
        free = memory.collect()  # what stays of that which is loaded now shall lie close to the rest
        if path.endswith(".mpy"):
            self.globals = load_frozen(path) if path.startswith(FROZEN_PLACE) else load_globals(path)
            self.memory = self.stamp[0]  # about as much as its file; to measure it takes longer than to load it
        else:
            gc.collect()  # garbage of others is not the program's, and neither is what the compiler leaves
            before = gc.mem_alloc()
            self.globals = load_globals(path)
            gc.collect()
            self.memory = max(gc.mem_alloc() - before, 0)
        self.reusable = free >= _KEPT_FREE and not holds_mutable(self.globals)
        if self.reusable:
            self.fresh = self.globals.copy()
        self.epoch = generation.count
        self.checked = ticks_ms()

    def is_current(self):
        """False when the file has changed since it was loaded. Asking the file system costs more than a start."""
        if self.epoch == generation.count and ticks_diff(ticks_ms(), self.checked) < _CHECK_MS:
            return True
        self.epoch = generation.count
        self.checked = ticks_ms()
        return self.stamp == stamp(self.path)

    def needs_loop(self):
        """True for a program that takes something of a module with a global ON_LOOP: it never gets a thread.

        It has no loop that never waits, and reads files. In a thread it would read them at the same time as the loop, and
        there is nothing that would keep the two apart.
        """
        for value in self.globals.values():
            space = getattr(value, "__globals__", None)  # of a function
            if space and "ON_LOOP" in space:
                return True
        return False

    def begin(self, process):
        """Give the program its process (the protocol of upyOS); returns its main function."""
        if "proc" in self.globals:
            self.globals["proc"] = process
        return self.globals["__main__"]


def holds_mutable(space):
    """True where something among these globals could be changed in place."""
    for value in space.values():
        if isinstance(value, _MUTABLE):
            return True
    return False


def load_globals(path):
    """The globals of a freshly loaded program."""
    dot = path.find(".")
    if dot == path.rfind(".") and path.endswith((".py", ".mpy")):
        stem = path[:dot]
        modules = sys.modules
        modules.pop(stem, None)
        try:
            return __import__(stem).__dict__
        finally:
            modules.pop(stem, None)
    with open(path) as file:  # a name with dots is no module for import
        code = compile(file.read(), path, "exec")
    space = {"__name__": path.rsplit(".", 1)[0], "__file__": path}
    exec(code, space)
    return space


def load_frozen(path):
    """The globals of a program in the firmware."""
    name = path[len(FROZEN_PLACE) - len("bin/") : path.rfind(".")].replace("-", "_")  # as C has no -
    sys.modules.pop(name, None)
    try:
        return __import__(name).__dict__
    finally:
        sys.modules.pop(name, None)


def acquire(path):
    """An unused image of the program at path."""
    for i in range(len(kept)):
        image = kept[i]
        if image.path == path:
            del kept[i]
            if image.is_current():
                running.append(image)
                return image
            break
    try:
        image = Image(path)
    except MemoryError:
        memory.evict(True)
        image = Image(path)
    finally:
        cpu.moved()
    if "__main__" not in image.globals:
        raise ImportError("no __main__(args) in " + path)
    running.append(image)
    return image


def release(image):
    """The run has ended: keep the image for the next one, if that may be and there is memory."""
    running.remove(image)
    if not image.reusable:
        return
    space = image.globals
    space.clear()
    try:
        space.update(image.fresh)
        kept.append(image)
    except MemoryError:  # it is loaded again
        return
    if len(kept) > _IMAGES_MAX:
        del kept[0]
