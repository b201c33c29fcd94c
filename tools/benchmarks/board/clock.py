# The clock of the benchmarks: each time is taken between two runs of the calibration loop, and printed with both.
#
# A script begins with PRELUDE (benchmarks/rounds.py), which imports this, and then says clock.begin(), some commands,
# clock.end("name", how many they were).

import gc
import sys
from time import ticks_diff, ticks_us

_modules = set(sys.modules)  # what the session has loaded before anything is measured
_before = 0
_start = 0
_hidden = {}  # built-ins that are none for the time being


def _loop():
    x = 0
    for i in range(200000):
        x += i & 3


def calibration():
    """The current time of the calibration loop, in microseconds."""
    start = ticks_us()
    _loop()
    return ticks_diff(ticks_us(), start)


def begin():
    """Start the clock."""
    global _before, _start
    gc.collect()
    _before = calibration()
    _start = ticks_us()


def end(name, count=1):
    """Stop the clock: print name, microseconds, the calibration before and after, and count."""
    took = ticks_diff(ticks_us(), _start)
    print("@", name, took, _before, calibration(), count)


def cold():
    """Evict every program, the cache of their paths, and their imports."""
    from process import memory
    from shell import resolve

    memory.unload_all(" ".join(name for name in sys.modules if name not in _modules))
    resolve.rehash()


def begin_programs(names):
    """Remove the built-ins with these names, so that the programs of these names run instead.

    And give the shell a built-in `forget`, so that programs are looked for and loaded anew.
    """
    from process import load
    from shell import resolve
    from shell.resolve import TABLE

    def forget(shell, args):
        load.kept.clear()
        resolve.rehash()

    for name in names:
        _hidden[name] = TABLE.pop(name)
    TABLE["forget"] = forget


def end_programs():
    """Undo that."""
    from shell.resolve import TABLE

    del TABLE["forget"]
    TABLE.update(_hidden)


def write_file(path, size, mark=200):
    """A text file of at least so many bytes: lines of 61 bytes, of which one in mark has the word needle."""
    with open(path, "w") as file:
        count = (size + 60) // 61
        for i in range(count):
            word = "needle" if i % mark == 0 else "straws"
            file.write("%08d the quick brown fox looks for a %s in the hay\n" % (i, word))
