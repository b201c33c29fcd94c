# Runs before main.py, and depends on nothing but the firmware: decides what may run. Nothing in it may fail, because a
# firmware does not start main.py where boot.py has.
#
# Where an update is under way (/var/update/state), recovery.py carries it on: it finishes a switch that the power has
# interrupted, counts the boots of the new system, and takes it back when those fail. Where a new recovery.py fails itself,
# the one that has put it in place is still there, and takes it back.
#
# Counts the boots that nobody has confirmed, in memory that survives a reset but not a power cut, so that it costs no
# flash: an ESP32's RTC memory, or a register of an RP2. The kernel confirms a boot when the first session has begun;
# after BOOTS_MAX that were not, the next one goes into recovery (the kernel's option -r): console and commands, but no
# script of the user. Where that fails, too, and where main.py is gone, it is the turn of rescue.py.

import os
import sys

BOOTS_MAX = 3
MARK = b"boots:"  # what this file keeps begins so; everything else in that memory belongs to somebody else
ROOM = "/var/update"
CHIP_ID = 0x40000000  # of an RP2: what its part is
SCRATCH = {2: 0x4005800C, 4: 0x400D800C}  # the watchdog's first register for anybody, on an RP2040 and an RP2350
WORD = 0x626F6F  # MARK in such a register


def count(start=None):
    """Count this boot; returns how many there have been without a confirmation, this one included."""
    try:
        memory = kept()
        data = memory()
        boots = data[len(MARK)] + 1 if data[: len(MARK)] == MARK and len(data) > len(MARK) else 1
        if data and data[: len(MARK)] != MARK:
            return 1
        if start is not None:
            boots = start
        memory(MARK + bytes((min(boots, 255),)))
        return boots
    except Exception:  # a port without such memory
        return 1


def kept():
    """A function that gives the bytes which survive a reset, or replaces them: RTC.memory of an ESP32, or its like."""
    import machine

    memory = getattr(machine.RTC(), "memory", None)
    if memory:
        return memory
    __import__("rp2")  # other ports have other things at these addresses

    register = SCRATCH[machine.mem32[CHIP_ID] >> 12 & 15]

    def scratch(data=None):
        if data is None:
            word = machine.mem32[register]
            return MARK + bytes((word & 255,)) if word >> 8 == WORD else b"?" if word else b""
        machine.mem32[register] = WORD << 8 | data[-1]

    return scratch


def is_there(path):
    try:
        os.stat(path)
        return True
    except OSError:
        return False


def settle():
    """Have littlefs finish a move between directories that the power has interrupted.

    It does so before the first change only, and until then it hides the file that follows the moved one in its directory
    as well (littlefs 2.11). Removing a file that is not there changes nothing and is enough.
    """
    try:
        os.remove("/.none")
    except OSError:
        pass


def unpack():
    """Where the system lies in packs, mount them: lib/packs.py needs nothing but the firmware, too."""
    if is_there("/lib/packed"):
        import packs

        packs.mount()


def update():
    """True where an update is under way: its own count decides then, and not the one here."""
    if not is_there(ROOM + "/state"):
        return False
    for kept in (False, True):
        try:
            if kept:  # the recovery.py of the update has failed
                if not is_there(ROOM + "/recovery.py"):
                    return False
                sys.modules.pop("recovery", None)
                sys.path.insert(0, ROOM)
            import recovery

            if kept:
                recovery.broken()
            recovery.run()
            count(1)
            return True
        except Exception as e:  # whatever it is: the system may start all the same
            sys.print_exception(e)
    return False


def start():
    settle()
    boots = count()
    if not update() and boots > BOOTS_MAX:
        sys.argv[:1] = [sys.argv[0] if sys.argv else "", "-r" if boots == BOOTS_MAX + 1 else "--rescue"]
    if not is_there("/main.py"):
        import rescue

        rescue.run()
    unpack()


try:
    start()
except Exception as e:
    sys.print_exception(e)
for name in ("count", "kept", "is_there", "settle", "unpack", "update", "start", "SCRATCH", "CHIP_ID", "WORD"):
    globals().pop(name)  # main.py runs in the same space: it would stay in memory
