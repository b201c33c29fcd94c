# What of Diatom a firmware can hold, in the form of MicroPython's manifest files
# (https://docs.micropython.org/en/latest/reference/manifest.html).
#
# `tools/diatom freeze` prepares the directory that it takes the code from. Then FROZEN_MANIFEST=.../manifest.py freezes all;
# a manifest of one's own says include(".../manifest.py", level="names"):
#   names  only the names that the system uses: it lies in ROMFS, packs or files, and finds them in the firmware
#   core   the names, boot.py and lib/: the programs lie in ROMFS
#   all    the programs, too
# docs/firmware.md tells what each gives.

options.defaults(level="all", port=True, prepared="build/frozen")

LEVELS = ("names", "core", "all")
if options.level not in LEVELS:
    raise ValueError("level is one of " + ", ".join(LEVELS))

metadata(description="Diatom, a POSIX-like shell operating system", license="MIT")
if options.port:  # asyncio and the drivers that every firmware of the port has
    include("$(PORT_DIR)/boards/manifest.py")
freeze_mpy(options.prepared + "/names")
if options.level != "names":
    freeze(options.prepared + "/boot", opt=3)
    freeze(options.prepared + "/lib", opt=3)
    freeze(options.prepared + "/" + options.level, opt=3)
