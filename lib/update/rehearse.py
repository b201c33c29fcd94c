# The new boot.py, startup.py and recovery.py are tried while the old system still runs, where they can do no harm: what
# nobody could take back at the next boot is found before it.

import os
import sys

import recovery
from base.errors import Failure
from base.files import rename
from base.paths import isdir
from update import ROOM

_PLACE = ROOM + "rehearsal"  # what plays the part of ROOM
_NAME = "rehearsed"
_LAST = ("spare", "lib.spare", "rescue")  # what boot.py goes to where startup.py fails


def boot(path, name):
    """Failure unless this boot.py or startup.py runs to its end, and has recovery.py do its part on the way."""
    done = []

    class Part:
        @staticmethod
        def run():
            done.append(1)

    class Nothing:
        @staticmethod
        def run():
            raise ValueError("startup.py has failed")

    argv = sys.argv[:]
    real = sys.modules["recovery"]
    sys.modules["recovery"] = Part  # type: ignore
    for other in _LAST:
        sys.modules[other] = Nothing  # type: ignore
    cwd = os.getcwd()
    os.chdir("/")
    sys.path.insert(0, "")
    recovery.put(recovery.STATE, "rehearsal")  # no word that recovery.py knows, should the power fail now
    try:
        module = load(path, name)
        if name == "startup.py":
            module.run()
    except (MemoryError, Failure):
        raise
    except Exception as e:
        raise refused(name, e)
    finally:
        sys.modules["recovery"] = real
        sys.argv[:] = argv
        for other in _LAST:
            sys.modules.pop(other, None)
        sys.path.remove("")  # the first of two
        os.chdir(cwd)
        recovery.forget(recovery.STATE)
    if len(done) != 1:
        raise Failure(name, "the release's file does not start recovery.py; nothing changed")


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
        raise Failure("recovery.py", "the release's file cannot roll back; nothing changed")


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
        raise refused(name, e)
    finally:
        sys.path.remove(ROOM[:-1])
        sys.modules.pop(_NAME, None)
        rename(file, path)


def refused(name, error):
    return Failure(name, f"the release's file fails ({error!r}); nothing changed")


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
