# What is frozen into a firmware, and whether that runs. `diatom freeze` fills in these constants and the comparison of
# versions, and adds this file to what manifest.py freezes. boot.py calls choose() before anything else of the system is
# loaded.

VERSION = ""
IDENTITY = ""
NAMES = 0
PROGRAMS = ()

ROM = "/rom"
HEAD_MAX = 512  # bytes of the first line of a manifest


def choose(path, version=VERSION, identity=IDENTITY):
    """Order sys.path so that one system is used as a whole: the newest, or the firmware's if they are equal."""
    use = ".frozen"
    rom = in_rom()
    for place, found in ((ROM + "/lib", rom), ("/lib", in_files())):
        if found and found[1] != identity and is_newer(found[0], version) and is_whole(place):
            use = place
            break
    if use == ".frozen" and rom and rom[1] != identity:
        import vfs

        vfs.umount(ROM)  # it belongs to another system
    for name in (use, ""):
        if name in path:
            path.remove(name)
    path.insert(0, use)
    path.append("")  # the working directory comes last: each import would look there first
    return use


def in_rom():
    """(version, identity) of the system in ROMFS or packs, or None."""
    try:
        with open(ROM + "/lib/identity.txt", "rb") as file:
            version, identity = file.read().decode().split()
            return version, identity
    except (OSError, ValueError):
        return None


def in_files():
    """The same of the system in the files of the flash, as its manifest says."""
    try:
        import json

        with open("/etc/release.json", "rb") as file:
            head = json.loads(file.readline(HEAD_MAX).rstrip() + b"]}")
        return (head["version"], head["identity"]) if head["kind"] in ("mpy", "source") else None
    except (OSError, ValueError, KeyError):
        return None


def is_whole(place):
    """True if the whole system is there, not only programs for that of the firmware."""
    import os

    try:
        os.stat(place + "/kernel")
        return True
    except OSError:
        return False


def is_newer(version, than):
    """True if a version is not older; False if it is not a version."""
    try:
        return numbers(version) >= numbers(than)
    except ValueError:
        return False


numbers = None  # lib/repository/manifest.py's, which `diatom freeze` puts here with what it calls
