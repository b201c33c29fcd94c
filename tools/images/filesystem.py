"""The file system of an image: Diatom in the form that fits, the owner's settings, and the manifest for later updates."""

import os
from typing import NamedTuple

from images import littlefs
from images.settings import SECRET, Settings, check_zone
from remote import bundle, plan, profiles
from remote.errors import RemoteError
from remote.output import size as shown
from simulator import flash, identity
from simulator.environment import ROOT

PROG_SIZES = {"rp2": 256, "esp32": littlefs.READ_SIZE}  # as the port's _boot.py mounts its flash
FORMS = (  # the first that fits is taken; frozen where the firmware holds the system, romfs where there is an area for it
    ("frozen", "full"),
    ("romfs", "full"),
    ("romfs", "small"),
    ("mpy", "full"),
    ("packed", "full"),
    ("packed", "small"),
    ("romfs", "minimal"),
    ("packed", "minimal"),
)
ZONES = "lib/base/zones.txt"


class Space(NamedTuple):
    """What a board has for the system."""

    chip: str  # as in tools/firmware.lock
    size: int  # bytes for files
    rom: int = 0  # bytes for a ROMFS image
    version: tuple | None = None  # of MicroPython
    identities: tuple = ()  # what may be the identity of a system with all programs that is frozen into the firmware

    @property
    def port(self):
        return "rp2" if self.chip.startswith("rp2") else "esp32"


class FileSystem(NamedTuple):
    """What is written."""

    data: bytes  # of the whole area
    used: int  # bytes at its beginning that have to be written
    free: int  # bytes for the owner
    rom: bytes  # the ROMFS image; empty where the system is in the files
    kind: str
    profile: str
    secret: bool  # there are passwords in it


def make(space, settings=None, tree=ROOT, kind="auto", profile="auto", extra=None):
    """The FileSystem for a Space: with kind and profile, or in the best form that fits. RemoteError if none does.

    extra is {path: bytes} of more files, which may also replace those of the system.
    """
    settings = settings or Settings()
    settings.check()
    if settings.timezone:
        with open(os.path.join(tree, ZONES), encoding="utf-8") as file:
            check_zone(settings.timezone, file.read())
    forms = [form for form in FORMS if kind in ("auto", form[0]) and profile in ("auto", form[1])]
    without = [] if space.rom else ["romfs"]
    without += [] if identity.of(tree) in space.identities else ["frozen"]
    forms = [form for form in forms if form[0] not in without]
    if not forms:
        forms = [(kind, "full" if profile == "auto" else profile)]
    for form in forms:
        try:
            found = _make(space, settings, tree, *form, extra or {})
        except littlefs.NoSpace:
            continue
        if found.free >= profiles.RESERVE or form is forms[-1]:
            return found
    raise RemoteError(
        "the system does not fit: %s for files, as %s with --profile %s" % (shown(space.size), *forms[-1])
    )


def _make(space, settings, tree, kind, profile, extra):
    rom = bundle.rom_image(tree, profile) if kind == "romfs" else b""
    if len(rom) > space.rom:
        raise littlefs.NoSpace
    items = bundle.items(tree, kind, profile)
    files = {item.path: item.data for item in items}
    own = settings.files(files, space.chip)
    files.update({**own, **extra})
    files[plan.MANIFEST.lstrip("/")] = bundle.manifest(items, tree, kind, profile, rom)
    data, used = littlefs.make(files, flash.MADE, space.size, PROG_SIZES[space.port], space.version)
    secret = any(path in own for path in SECRET)
    return FileSystem(data, used, space.size - used, rom, kind, profile, secret)
