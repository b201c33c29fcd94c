# Restore the boot files (boot.py, startup.py, main.py, recovery.py, rescue.py) from their copy, /lib/spare.z.
#
# boot.py calls this if startup.py fails, main.py if rescue.py fails, startup.py if main.py fails. It depends on nothing
# but the firmware. At the firmware's own prompt: import spare; spare.run().
#
# spare.z keeps each file in pieces of 1 kB, each with its own CRC-32, so that two damaged copies can still make a whole
# one. It begins and ends with the same list: a line with the CRC-32 of the list and a line of JSON, {name: [size, CRC-32
# of the file, [[offset of the piece, CRC-32 of its content], ...]]}. Pieces are raw deflate. tools/simulator/spares.py
# writes it.

import json
import os
import sys
from binascii import crc32

ARCHIVE = "/lib/spare.z"
PIECE = 1024  # bytes
WINDOW_BITS = 10
LIST_MAX = 4096  # bytes
BEFORE = ("startup", "recovery", "rescue")  # modules that may be loaded from a damaged file


def run():
    """startup.py has failed: restore damaged files and start again; if that fails, too, open the rescue console."""
    try:
        restore("startup.py")
        load("startup.py")["run"]()
    except Exception as e:
        sys.print_exception(e)
        return rescue()


def rescue():
    """Open the rescue console, even if its file is damaged and the flash cannot store another one."""
    try:
        restore("rescue.py")
    except Exception as e:
        sys.print_exception(e)
    return load("rescue.py")["run"]()


def restore(*names):
    """Replace those of the named files (default: all) that differ from the archive, atomically; return their names."""
    done = []
    for name, (size, crc, _) in listed().items():
        if names and name not in names:
            continue
        try:
            if check("/" + name) == (size, crc):
                continue
        except OSError:
            pass  # it is gone
        try:
            data = content(name)
            with open("/spare~", "wb") as file:
                if file.write(data) != len(data):
                    raise OSError(28)
            if check("/spare~") != (size, crc):  # the flash has not stored it correctly
                raise OSError(5)
            os.rename("/spare~", "/" + name)
        except (OSError, ValueError) as e:
            print("spare: /%s: %s" % (name, e))
            continue
        print("spare: /%s was damaged or of another version: restored" % name)
        done.append(name)
    for name in BEFORE:
        sys.modules.pop(name, None)
    return done


def load(name):
    """Return the namespace of a module, loaded from its file or, if that fails, from its copy."""
    try:
        module = __import__(name[:-3])
        return {"run": module.run}
    except Exception as e:
        sys.print_exception(e)
    space = {"__name__": name[:-3]}
    exec(compile(content(name), name, "exec"), space)
    return space


def archives():
    """Yield functions that open an archive: the file, and the one in a firmware that holds the system."""
    yield lambda: open(ARCHIVE, "rb")
    try:
        import io

        from spare_copy import DATA

        yield lambda: io.BytesIO(DATA)
    except ImportError:
        pass


def listed():
    """Return the contents of the archive, {name: [size, CRC, pieces]}; ValueError if its lists are damaged."""
    for archive in archives():
        try:
            return read_list(archive)
        except (OSError, ValueError):
            pass
    raise ValueError(ARCHIVE + " is damaged")


def read_list(archive):
    with archive() as file:
        first = [file.readline(), file.readline()]
        file.seek(max(file.seek(0, 2) - LIST_MAX, 0))
        last = file.read().split(b"\n")[-3:-1]
    for lines in (first, last):
        try:
            if int(lines[0], 16) == crc32(lines[1].strip()):
                return json.loads(lines[1])
        except (ValueError, IndexError):
            pass
    raise ValueError


def content(name):
    """Return the bytes of a file: each piece from the file itself if it is intact, else from the archive."""
    for archive in archives():
        try:
            size, crc, pieces = read_list(archive)[name]
            data = b""
            for begin, expected in pieces:
                data += piece(archive, name, len(data), begin, expected)
            if (len(data), crc32(data)) == (size, crc):
                return data
        except (OSError, ValueError):
            pass
    raise ValueError("%s: the copy is damaged, too" % name)


def piece(archive, name, place, begin, expected):
    """Return the piece of a file at offset place, which begins at offset begin in the archive."""
    from deflate import RAW, DeflateIO

    try:
        with open("/" + name, "rb") as file:
            file.seek(place)
            data = file.read(PIECE)
        if crc32(data) == expected:
            return data
    except OSError:
        pass
    with archive() as file:
        file.seek(begin)
        return DeflateIO(file, RAW, WINDOW_BITS).read(PIECE)


def check(path):
    """Return (size, CRC) of a file."""
    buffer = bytearray(512)
    size = crc = 0
    with open(path, "rb") as file:
        while n := file.readinto(buffer):
            crc = crc32(memoryview(buffer)[:n], crc)
            size += n
    return size, crc
