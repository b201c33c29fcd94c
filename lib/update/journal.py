# The journal of an update tells /recovery.py what to do. Before it is written the new boot.py, startup.py and recovery.py are
# tried while the old system still runs: what could not be rolled back after the next boot is found before it.

import os
import sys

import recovery
from base.errors import Failure
from base.files import Replacement, copy, make_directories, rename
from base.paths import dirname, exists, isdir
from update import INSTALLED, NEW, OLD, ROOM, plan, status

_LAST = ("spare", "lib.spare", "rescue")  # what boot.py goes to where startup.py fails
_PLACE = ROOM + "rehearsal"  # what plays the part of ROOM
_NAME = "rehearsed"


async def begin(version, before, services, foreign=False, rom=""):
    """Write the journal for a plan that is staged completely; the next boot switches to the new system.

    services: the names of those that must run in the new system. foreign: additional programs, not a release.
    rom: lines for the head of the journal about the ROMFS image, if chunks of it differ.
    """
    status.discard()
    rehearse()
    steps = 0
    with Replacement(recovery.JOURNAL) as file:
        file.write(beginning(before, version, status.healthy(), " ".join(services), rom))
        for step in plan.steps("racd"):
            if step.kind == "c":
                await copy(step.path, OLD + step.number)
                if step.path == "/recovery.py":
                    await copy(step.path, recovery.KEPT)
                for made in (OLD + step.number, recovery.KEPT if step.path == "/recovery.py" else step.path):
                    if plan.sha(made) != plan.sha(step.path):
                        raise Failure(step.path, "its copy is corrupt")
            make_directories(dirname(step.path))
            file.write(f"{step.kind} {step.number} {step.path}\n")
            steps += 1
        if not foreign:
            rename(plan.MANIFEST, NEW + "0")
            file.write(f"{'r' if exists(INSTALLED) else 'a'} 0 {INSTALLED}\n")
        if rom:
            from update import image  # late: only with ROMFS

            for line in image.lines():
                file.write(line)
        file.write(f"end {steps}\n")
    recovery.forget(recovery.RESULT)
    recovery.forget(recovery.BOOTS)
    recovery.put(recovery.STATE, "rom" if rom else "switch")


def beginning(before, version, healthy, services, rom):
    """The head of a journal, which recovery.head() reads."""
    return f"diatom-update 1\nfrom {before}\nto {version}\nhealthy {healthy}\nservices {services}\n{rom}files\n"


def rehearse():
    """Failure if a boot.py, startup.py or recovery.py of the release does not work."""
    for step in plan.steps("ac"):
        if step.path in ("/boot.py", "/startup.py", "/recovery.py"):
            path = NEW + step.number
            rehearse_switch(path) if step.path == "/recovery.py" else rehearse_boot(path, step.path[1:])


def rehearse_boot(path, name):
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


def rehearse_switch(path):
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
    """Import a staged file; Failure if that raises."""
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
