# The new boot.py and recovery.py are tried while the old system still runs, where they can do no harm: what nobody could
# take back at the next boot is found before it.

import os
import sys

import recovery
from base.errors import Failure
from base.files import rename
from base.paths import isdir
from update import ROOM

_PLACE = ROOM + "rehearsal"  # what plays the part of ROOM
_NAME = "rehearsed"


def boot(path):
    """Failure unless this boot.py runs to its end, and has recovery.py do its part on the way."""
    done = []

    class Part:
        @staticmethod
        def run():
            done.append(1)

    argv = sys.argv[:]
    real = sys.modules["recovery"]
    sys.modules["recovery"] = Part  # type: ignore
    recovery.put(recovery.STATE, "rehearsal")  # no word that recovery.py knows, should the power fail now
    try:
        load(path, "boot.py")
    finally:
        sys.modules["recovery"] = real
        sys.argv[:] = argv
        recovery.forget(recovery.STATE)
    if len(done) != 1:
        raise Failure("boot.py", "that of the release does not start recovery.py; nothing has changed")


def switch(path):
    """Failure unless this recovery.py puts a small update in place, and takes it back."""
    module = load(path, "recovery.py")
    clean()
    for name in ("", "/new", "/old"):
        os.mkdir(_PLACE + name)
    try:
        for name in ("ROOM", "STATE", "JOURNAL", "RESULT", "BOOTS", "KEPT"):
            setattr(module, name, getattr(module, name).replace(ROOM, _PLACE + "/"))
        module.guard = module.restart = lambda *_: None
        here = _PLACE + "/file"
        recovery.put(here, "old")
        recovery.put(_PLACE + "/new/1", "new")
        recovery.put(_PLACE + "/new/2", "new")
        recovery.put(_PLACE + "/journal", f"from 1\nto 2\nhealthy 60\nservices \nfiles\nr 1 {here}\na 2 {here}2\nend 2")
        recovery.put(_PLACE + "/state", "switch")
        module.run()
        good = text(here) == text(here + "2") == "new" and text(_PLACE + "/state") == "trial"
        module.put(module.STATE, "back")
        module.run()
        good = good and text(here) == "old" and text(here + "2") == text(_PLACE + "/state") == ""
    except MemoryError:
        raise
    except Exception:
        good = False
    finally:
        clean()
    if not good:
        raise Failure("recovery.py", "that of the release cannot take it back; nothing has changed")


def load(path, name):
    """Import a file that waits under a number; Failure where that raises."""
    file = ROOM + _NAME + ".py"
    rename(path, file)
    sys.path.insert(0, ROOM[:-1])
    try:
        return __import__(_NAME)
    except MemoryError:
        raise
    except Exception as e:
        raise Failure(name, f"that of the release does not run ({e!r}); nothing has changed")
    finally:
        sys.path.remove(ROOM[:-1])
        sys.modules.pop(_NAME, None)
        rename(file, path)


def text(path):
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return ""


def clean():
    """Remove the stage of the rehearsal, of this one or of one that the power has ended."""
    for place in (_PLACE + "/new", _PLACE + "/old", _PLACE):
        if isdir(place):
            for name in os.listdir(place):
                os.remove(place + "/" + name)
            os.rmdir(place)
