# Decide what may run. boot.py calls this before main.py; it depends on nothing but the firmware. If it raises, boot.py
# falls back to spare.py, which has a copy of it.
#
# If an update is under way (/var/update/state), recovery.py continues it: it finishes a switch that a power cut has
# interrupted, counts the boots of the new system, and rolls it back when those fail. If a new recovery.py itself fails,
# the one that has put it in place is still there, and rolls it back.
#
# Count the unconfirmed boots in memory that survives a reset but not a power cut, so that it costs no flash: an ESP32's
# RTC memory, or a register of an RP2. The kernel confirms a boot when the first session has begun. After BOOTS_MAX
# unconfirmed ones, the next boot goes into recovery (the kernel's option -r): console and commands, but no scripts of
# the user. If that fails, too, rescue.py follows. A missing or damaged main.py is restored from the copy in
# /lib/spare.z.

import os
import sys

BOOTS_MAX = 3
MARK = b"boots:"  # prefix of what this file stores; anything else in that memory belongs to somebody else
ROOM = "/var/update"
CHIP_ID = 0x40000000  # register of an RP2 with its part number
SCRATCH = {2: 0x4005800C, 4: 0x400D800C}  # the watchdog's first scratch register, on an RP2040 and an RP2350
WORD = 0x626F6F  # MARK in such a register


def count(start=None):
    """Count this boot; return the number of unconfirmed boots, this one included."""
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
    """Return a function that reads or replaces the bytes that survive a reset: RTC.memory of an ESP32, or its like."""
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
    """Make littlefs finish a move between directories that a power cut has interrupted.

    It does so only before the next change, and until then it also hides the file that follows the moved one in its
    directory (littlefs 2.11). Removing a missing file changes nothing and is enough.
    """
    try:
        os.remove("/.none")
    except OSError:
        pass


def unpack(check):
    """If the system is in packs, mount them: lib/packs.py needs nothing but the firmware, too.

    check: read them whole first, because the previous boot did not finish. Damaged bytecode crashes the firmware.
    """
    if is_there("/lib/packed"):
        import packs

        if check:
            packs.check()
        packs.mount()


def choose():
    """If the firmware holds the system, too, decide between that and the one in ROM or files."""
    try:
        __import__("diatom_frozen").choose(sys.path)
    except ImportError:
        pass


def update():
    """True if an update is under way: then its own count of boots decides, not the one here."""
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
        except Exception as e:  # whatever it is, the system may still start
            sys.print_exception(e)
    return False


def check_main():
    """Raise if main.py is damaged: if the firmware cannot run it, it shows its own prompt and never gets to rescue.py."""
    with open("/main.py", "rb") as file:
        text = file.read()
    compile(text, "main.py", "exec")
    if not text or (text.startswith(b"# Starts the kernel") and b"sys.exit(status)" not in text):
        raise ValueError("main.py is incomplete")


def give_up(error):
    """The system cannot start: an update's trial continues with the next boot; otherwise rescue.py follows."""
    sys.print_exception(error)
    try:
        import recovery

        recovery.failed(error)
    except Exception as another:
        sys.print_exception(another)
    for name in ("spare", "lib.spare"):
        try:
            spare = __import__(name, None, None, ("restore",))
            return check_main() if spare.restore("main.py") else spare.rescue()
        except Exception as another:
            sys.print_exception(another)
    import rescue

    rescue.run()


def run():
    settle()
    boots = count()
    if not update() and boots > BOOTS_MAX:
        sys.argv[:1] = [sys.argv[0] if sys.argv else "", "-r" if boots == BOOTS_MAX + 1 else "--rescue"]
    try:
        check_main()
    except Exception as e:
        give_up(e)
    try:
        unpack(boots > 1)
    except Exception as e:
        sys.print_exception(e)
        sys.argv[:1] = [sys.argv[0] if sys.argv else "", "--rescue"]
    choose()
    sys.modules.pop("startup", None)  # no longer needed, and it takes memory
