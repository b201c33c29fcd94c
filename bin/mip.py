# mip - install packages in MicroPython's format
# usage: mip install [-n] [-i INDEX] [-t DIR] PACKAGE[@VERSION]...
#
# Install libraries with their dependencies from MicroPython's index or from repositories. PACKAGE is a name in the index,
# github:USER/REPOSITORY[/PATH], gitlab:..., or the URL of a package.json, .py or .mpy file.
#   -i, --index INDEX   another index than micropython.org/pi/v2
#   -t, --target DIR    the target directory (/libx)
#   -n, --no-mpy        sources instead of compiled files
# `pkg list` lists them, `pkg remove` removes them. Files of other packages, and files that you have changed, are kept.
# These packages are not signed: the hashes of an index only prove a complete transfer. pkg has signed packages.

from base.errors import Usage
from base.paths import normal
from program import options

proc = None


async def __main__(args):
    opts, words = options(args, "i:t:n", (("index", "i"), ("target", "t"), ("no-mpy", "n")))
    if not words or words[0] != "install":
        raise Usage("unknown command", words[0]) if words else Usage("missing operand")
    if len(words) < 2:
        raise Usage("missing PACKAGE")
    from packages import mip  # late: not for --help

    target = normal(opts["t"] or "/libx", proc.cwd)
    installer = mip.Installer(opts["i"] or mip.INDEX, target, "n" not in opts, print)
    for word in words[1:]:
        package, at, version = word.rpartition("@")
        await installer.install(package if at else word, version if at else "")
    return 0
