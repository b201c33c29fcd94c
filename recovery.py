# Carries an update through the boots around it: what boot.py loads while there is one, and only then.
#
# Depends on nothing but the firmware, so that it works while lib/ is half replaced. `upgrade` has put verified files into
# new/ and the list of what goes where into journal; what is to be done with them stands in state:
#   switch  move the old files to old/ and the new ones to their places; then it is "trial"
#   trial   the new system runs, and nobody has confirmed it yet: the boots are counted, the last resort is the watchdog
#   back    move everything back; then there is no state
#   rom     before switch, where the system lies in ROMFS: write the new image (lib/romfs.py); then it is "switch"
#   unrom   behind back: write the old image; then there is no state
#   serve   `diatom` on the computer replaces what the system runs from, while nothing of that is loaded
#   rehearsal  left by a power cut while update.rehearse tried another boot.py: forgotten
# Each step is one rename and can be done again after a power cut, at which the next boot goes on where this one was.
# At the Python prompt of a board that does not start: import recovery; recovery.back()

import os
import sys

# update.rehearse gives these names other values where it tries this file.
ROOM = "/var/update/"
STATE = ROOM + "state"
JOURNAL = ROOM + "journal"
RESULT = ROOM + "result"  # one line: how the last update has ended
BOOTS = ROOM + "boots"  # one byte for each boot of the trial
KEPT = ROOM + "recovery.py"  # that file as it was before the update, where that brings another
BOOTS_MAX = 3
TICK_S = 2
SERVE_MS = 10000
NO_WAY_BACK = "the flash had no space to keep the system before it; `upgrade` brings a release"
BLOCK = b"\0" * 1024  # more than littlefs keeps among the entries of a directory

counted = False  # this boot is one of a trial
confirmed = False
left = 0  # seconds until the watchdog gets no more food
dog = timer = None


def run():
    """What the state asks for, at boot; returns True where an update has been taken back."""
    global counted
    forget(ROOM + "none")  # boot.settle() says why; that may be the new one, which has not run
    word = state()
    if word in ("rom", "unrom"):
        rom(word)
    if word == "switch":
        try:
            with Moves() as rename:
                forward(rename)
            forget(BOOTS)
            put(STATE, "trial")
            word = "trial"
            for kind, _, _, _ in entries():
                if kind == "c":
                    restart()  # that file has not run yet, and is on trial, too
        except OSError as e:
            put(STATE, "back")
            word = "back"
            put(RESULT, "%s could not be installed (error %s): back to %s" % (head("to"), e.errno, head("from")))
    elif word == "trial" and size(BOOTS) >= BOOTS_MAX:
        said = "%s was not confirmed in %d boots: " % (head("to"), BOOTS_MAX)
        if head("image"):  # there was no space for the old one
            put(RESULT, said + NO_WAY_BACK)
            forget(BOOTS)
            forget(STATE)
            sys.argv[:1] = [sys.argv[0] if sys.argv else "", "-r"]  # a kernel without user code
            return False
        put(STATE, "back")
        word = "back"
        put(RESULT, said + "back to " + head("from"))
    if word == "trial":
        counted = True
        with open(BOOTS, "a") as file:
            file.write("x")
        guard(int(head("healthy") or 60))
    elif word == "firmware":
        guard(60)  # a firmware on which the system hangs is one that the bootloader takes back
    elif word == "serve":
        forget(STATE)  # once only, whatever comes
        serve()
    elif word == "rehearsal":
        forget(STATE)
    elif word == "back":
        with Moves() as rename:
            backward(rename)
        if head("rom") and not head("image"):
            put(STATE, "unrom")
            restart()  # the recovery.py from before the update goes on
        clear()
        return True
    return False


def clear():
    """An update has been taken back: say so, and forget it."""
    forget(BOOTS)
    forget(STATE)
    forget(KEPT)
    forget(JOURNAL)
    try:
        with open(RESULT) as file:
            print("Update:", file.read().strip())
    except OSError:
        pass


def rom(word):
    """Write the new image into the ROMFS area, or the old one, and restart: the firmware mounts what is there then."""
    import vfs

    try:
        vfs.umount("/rom")  # nothing below is loaded from what is about to vanish
    except OSError:
        pass
    try:
        import romfs
    except ImportError:  # so nothing has been written
        put(RESULT, "/lib/romfs.mpy is missing: %s stays" % head("from"))
        forget(STATE)
        restart()
    if word == "rom":
        try:
            romfs.forward()
            put(STATE, "switch")
        except OSError as e:
            if head("image"):
                raise  # there is no way back: the rescue console, and another try at the next boot
            why = "could not be written (error %s)" % e.errno
            put(RESULT, "the image of %s %s: back to %s" % (head("to"), why, head("from")))
            put(STATE, "unrom")
    else:
        romfs.backward()
        clear()
    restart()


def serve():
    """Run the line of Python, in base64, that `diatom` sends within some seconds."""
    import select
    from binascii import a2b_base64

    poll = select.poll()
    poll.register(sys.stdin, select.POLLIN)
    sys.stdout.write("serve\n")
    line = ""
    while line[-1:] != "\n" and poll.poll(SERVE_MS):
        line += sys.stdin.readline() or ""
    if line:
        exec(a2b_base64(line), {})


def back():
    """Take the last update back at the next boot, which is now."""
    if not size(JOURNAL):
        raise ValueError("no update to roll back")
    if head("image"):
        raise ValueError(NO_WAY_BACK)
    put(RESULT, "%s was rolled back on request: %s again" % (head("to"), head("from")))
    put(STATE, "back")
    restart()


def broken():
    """Take the update back: this is the recovery.py before it, and boot.py says that the new one cannot be used."""
    put(RESULT, "the recovery.py of %s does not work: back to %s" % (head("to"), head("from")))
    put(STATE, "back")


def failed(error):
    """The system cannot be started: in a trial the next boot follows at once, and this one counts."""
    if state() is not None:
        sys.print_exception(error)
        if not counted:
            run()
        restart()


def restart():
    """Start the board anew, where it can do that itself."""
    try:
        from machine import reset
    except ImportError:
        return
    reset()


def state():
    """One of the words above, or None."""
    try:
        with open(STATE) as file:
            return file.read().strip()
    except OSError:
        return None


def put(path, word):
    """Write a small file at one stroke."""
    with open(path + "~", "w") as file:
        file.write(word + "\n")
    os.rename(path + "~", path)


def head(name):
    """A value from the head of the journal, or ""."""
    try:
        with open(JOURNAL) as file:
            for line in file:
                key, _, value = line.strip().partition(" ")
                if key == name:
                    return value
                if key == "files":
                    break
    except OSError:
        pass
    return ""


def entries():
    """The lines of the journal: (kind, path, where its new content waits, where the old content goes).

    r: replaced   a: added   d: removed   c: replaced while it must not be missing; its old content is a copy
    """
    with open(JOURNAL) as file:
        for line in file:
            kind, _, rest = line.rstrip("\n").partition(" ")
            if len(kind) == 1 and kind != "b":
                number, _, path = rest.partition(" ")
                yield kind, path, ROOM + "new/" + number, ROOM + "old/" + number


def size(path):
    """The size of a file, 0 where there is none."""
    try:
        return os.stat(path)[6]
    except OSError:
        return 0


def exists(path):
    try:
        os.stat(path)
        return True
    except OSError:
        return False


def forget(path):
    try:
        os.remove(path)
    except OSError:
        pass


class Moves:
    """Renames between directories, without harm to the files beside those that are renamed.

    In the middle of such a rename littlefs 2.11 does not see the file that follows the renamed one in its directory. Where
    it has to look for free blocks then, since a directory needs one, that file's are free to it, and are overwritten. So
    it looks for them before each rename, for a file that nobody needs, and knows some.
    """

    def __enter__(self):
        try:
            self.file = open(ROOM + "none", "wb")
        except OSError:  # the flash is full: a rename may do without
            self.file = None
        return self.rename

    def rename(self, old, new):
        try:
            if self.file:
                self.file.seek(0)
                self.file.write(BLOCK)
        except OSError:
            pass
        os.rename(old, new)

    def __exit__(self, kind, value, trace):
        try:
            if self.file:
                self.file.close()
        except OSError:
            pass
        forget(ROOM + "none")


def forward(rename):
    """The new files into their places. A file is never lost: it is in its place, in new/ or in old/."""
    for kind, path, new, old in entries():
        if kind == "d":
            if exists(path):
                rename(path, old)
        elif exists(new):
            if kind == "r" and not exists(old) and exists(path):
                rename(path, old)
            rename(new, path)


def backward(rename):
    """The old files into their places, also where forward() has not come to its end."""
    for kind, path, new, old in entries():
        if kind == "a":
            if not exists(new) and exists(path):
                rename(path, new)
                try:
                    os.rmdir(path.rsplit("/", 1)[0] or "/")
                except OSError:  # it holds something else
                    pass
        elif not exists(old):
            continue
        elif kind == "c":
            copy(old, path)
        else:
            if kind == "r" and not exists(new) and exists(path):
                rename(path, new)
            rename(old, path)


def copy(source, target):
    """Copy source over target at one stroke. The copy is not needed any more then, but may be made again."""
    buffer = bytearray(512)
    with open(source, "rb") as file, open(target + "~", "wb") as out:
        while n := file.readinto(buffer):
            if out.write(memoryview(buffer)[:n]) != n:
                raise OSError(28)  # ENOSPC
    os.rename(target + "~", target)


def guard(seconds):
    """Have the watchdog reset the board unless release() is called within some time, whatever hangs by then.

    It cannot be stopped, so a timer feeds it: on an RP2 from an interrupt that waits for nobody.
    """
    global left, dog, timer
    try:
        from machine import WDT, Timer

        left = 3 * seconds + 5  # the time of the trial, as much again for its services, and the boot
        try:
            dog = WDT(timeout=max(seconds, TICK_S * 2) * 1000)
        except ValueError:
            dog = WDT(timeout=8000)  # the RP2's can do 8.3 s
        try:
            timer = Timer(-1)
        except ValueError:  # a chip without virtual timers
            timer = Timer(0)
        try:
            timer.init(period=TICK_S * 1000, callback=tick, hard=True)
        except (TypeError, ValueError):
            timer.init(period=TICK_S * 1000, callback=tick)
    except (ImportError, AttributeError, OSError, ValueError):
        pass  # a port without them: what hangs waits for somebody who presses reset


def tick(_):
    global left
    if confirmed or left > 0:
        left -= TICK_S
        dog.feed()


def release():
    """Somebody else feeds the watchdog from now on."""
    global timer
    if timer:
        timer.deinit()
        timer = None
