# Carry an update through the boots around it. startup.py loads this only while an update is under way.
#
# It depends on nothing but the firmware, so that it works while lib/ is half replaced. `upgrade` has put verified files into
# new/ and the list of their places into journal. The file state says what to do next:
#   switch  move the old files to old/ and the new ones into place; then the state is "trial"
#   trial   the new system runs and is not confirmed yet: count the boots; the watchdog resets a board that hangs
#   back    move everything back; then there is no state
#   rom     before switch, if the system is in ROMFS: write the new image (lib/romfs.py); then the state is "switch"
#   unrom   after back: write the old image; then there is no state
#   serve   `diatom` on the computer replaces the system while nothing of it is loaded
#   rehearsal  left by a power cut while update.journal tried a new boot.py: discard it
# Each step is one rename and can be repeated: after a power cut the next boot continues where this one stopped.
# At the Python prompt of a board that does not start: import recovery; recovery.back()

import os
import sys

# update.journal sets these to other paths when it rehearses a new version of this file.
ROOM = "/var/update/"
STATE = ROOM + "state"
JOURNAL = ROOM + "journal"
RESULT = ROOM + "result"  # one line: how the last update ended
BOOTS = ROOM + "boots"  # one byte for each boot of the trial
KEPT = ROOM + "recovery.py"  # this file before the update, if the update replaces it
BOOTS_MAX = 3
TICK_S = 2
SERVE_MS = 10000
NO_WAY_BACK = "the flash had no space to keep the system before it; `upgrade` brings a release"
BLOCK = b"\0" * 1024  # more than littlefs keeps among the entries of a directory

counted = False  # this boot is one of a trial
confirmed = False
left = 0  # seconds until the watchdog is no longer fed
dog = timer = None


def run():
    """Do what the state says, at boot; returns True if an update was rolled back."""
    global counted
    forget(ROOM + "none")  # startup.settle() says why; the startup.py that ran may lack it
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
                    restart()  # that file has not run yet, and is part of the trial
        except OSError as e:
            put(STATE, "back")
            word = "back"
            put(RESULT, "%s could not be installed (error %s): back to %s" % (head("to"), e.errno, head("from")))
    elif word == "trial" and size(BOOTS) >= BOOTS_MAX:
        said = "%s was not confirmed in %d boots: " % (head("to"), BOOTS_MAX)
        if head("image"):  # there was no space to keep the old image
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
        guard(60)  # if the system hangs on a new firmware, the bootloader rolls that back
    elif word == "serve":
        forget(STATE)  # once only, whatever happens
        serve()
    elif word == "rehearsal":
        forget(STATE)
    elif word == "back":
        with Moves() as rename:
            backward(rename)
        if head("rom") and not head("image"):
            put(STATE, "unrom")
            restart()  # the recovery.py from before the update continues
        clear()
        return True
    return False


def clear():
    """An update was rolled back: print the result and discard the update."""
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
    """Write the new or the old image into the ROMFS area and restart, so that the firmware mounts it."""
    import vfs

    try:
        vfs.umount("/rom")  # load nothing from an image that is being overwritten
    except OSError:
        pass
    try:
        import romfs
    except ImportError:  # nothing has been written
        put(RESULT, "/lib/romfs.mpy is missing: %s stays" % head("from"))
        forget(STATE)
        restart()
    if word == "rom":
        try:
            romfs.forward()
            put(STATE, "switch")
        except OSError as e:
            if head("image"):
                raise  # no rollback: the rescue console opens, and the next boot tries again
            why = "could not be written (error %s)" % e.errno
            put(RESULT, "the image of %s %s: back to %s" % (head("to"), why, head("from")))
            put(STATE, "unrom")
    else:
        romfs.backward()
        clear()
    restart()


def serve():
    """Run the line of Python, in base64, that `diatom` sends within SERVE_MS."""
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
    """Restart and roll back the last update."""
    if not size(JOURNAL):
        raise ValueError("no update to roll back")
    if head("image"):
        raise ValueError(NO_WAY_BACK)
    put(RESULT, "%s was rolled back on request: %s again" % (head("to"), head("from")))
    put(STATE, "back")
    restart()


def broken():
    """Roll back: this is the recovery.py from before the update; startup.py could not use the new one."""
    put(RESULT, "the recovery.py of %s does not work: back to %s" % (head("to"), head("from")))
    put(STATE, "back")


def failed(error):
    """The system cannot start: during a trial, count this boot and restart at once."""
    if state() is not None:
        sys.print_exception(error)
        if not counted:
            run()
        restart()


def restart():
    """Reset the board, if the port can do that."""
    try:
        from machine import reset
    except ImportError:
        return
    reset()


def state():
    """The state (see the head of this file), or None."""
    try:
        with open(STATE) as file:
            return file.read().strip()
    except OSError:
        return None


def put(path, word):
    """Write a small file atomically."""
    with open(path + "~", "w") as file:
        file.write(word + "\n")
    os.rename(path + "~", path)


def head(name):
    """A value from the head of the journal; "" if it is missing."""
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
    """Yield (kind, path, path of the new content, path for the old content) for each file in the journal.

    r: replaced   a: added   d: removed   c: replaced, and never missing meanwhile; its old content is a copy
    """
    with open(JOURNAL) as file:
        for line in file:
            kind, _, rest = line.rstrip("\n").partition(" ")
            if len(kind) == 1 and kind != "b":
                number, _, path = rest.partition(" ")
                yield kind, path, ROOM + "new/" + number, ROOM + "old/" + number


def size(path):
    """The size of a file, 0 if it does not exist."""
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
    """Renames between directories, without damage to the files beside the renamed ones.

    While littlefs 2.11 renames a file, it does not see the file that follows it in the directory. If it has to search for
    free blocks meanwhile, because a directory needs one, it takes that file's blocks and overwrites them. So make it search
    before each rename, by writing to a file that is not needed.
    """

    def __enter__(self):
        try:
            self.file = open(ROOM + "none", "wb")
        except OSError:  # the flash is full: rename without it
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
    """Move the new files into place. No file is ever lost: it is in its place, in new/ or in old/."""
    for kind, path, new, old in entries():
        if kind == "d":
            if exists(path):
                rename(path, old)
        elif exists(new):
            if kind == "r" and not exists(old) and exists(path):
                rename(path, old)
            rename(new, path)


def backward(rename):
    """Move the old files into place, even if forward() was interrupted."""
    for kind, path, new, old in entries():
        if kind == "a":
            if not exists(new) and exists(path):
                rename(path, new)
                try:
                    os.rmdir(path.rsplit("/", 1)[0] or "/")
                except OSError:  # not empty
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
    """Replace target by a copy of source, atomically."""
    buffer = bytearray(512)
    with open(source, "rb") as file, open(target + "~", "wb") as out:
        while n := file.readinto(buffer):
            if out.write(memoryview(buffer)[:n]) != n:
                raise OSError(28)  # ENOSPC
    os.rename(target + "~", target)


def guard(seconds):
    """Let the watchdog reset the board if it hangs, unless the trial is confirmed in time.

    A watchdog cannot be stopped, so a timer feeds it: on an RP2 from a hard interrupt, which nothing delays.
    """
    global left, dog, timer
    try:
        from machine import WDT, Timer

        left = 3 * seconds + 5  # the trial, its services and the boot
        try:
            dog = WDT(timeout=max(seconds, TICK_S * 2) * 1000)
        except ValueError:
            dog = WDT(timeout=8000)  # the limit of an RP2 is 8.3 s
        try:
            timer = Timer(-1)
        except ValueError:  # a chip without virtual timers
            timer = Timer(0)
        try:
            timer.init(period=TICK_S * 1000, callback=tick, hard=True)
        except (TypeError, ValueError):
            timer.init(period=TICK_S * 1000, callback=tick)
    except (ImportError, AttributeError, OSError, ValueError):
        pass  # a port without them: a hang needs a press of reset


def tick(_):
    global left
    if confirmed or left > 0:
        left -= TICK_S
        dog.feed()


def release():
    """Stop feeding the watchdog: the system feeds it from now on."""
    global timer
    if timer:
        timer.deinit()
        timer = None
