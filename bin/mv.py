# mv - move or rename files and directories
# usage: mv [-finuvT] SOURCE TARGET
# usage: mv [-finuv] SOURCE... DIRECTORY
# usage: mv [-finuv] -t DIRECTORY SOURCE...
#
#   -i  ask before overwriting            -n  never overwrite     -u  only newer files     -v  print the moved files
#   -f  never ask                         -T  TARGET is the new name, even if it is a directory
# To another file system, the file is copied, then the source is removed.
# System files that system.conf protects are neither moved nor replaced.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/mv.html

import os

from base.errors import Failure
from base.files import Walk, remove, rename
from base.paths import isdir
from program import complain, options, protected, status
from transfer import copy_file, copy_tree, guard, pairs, wanted

proc = None

LONG = (("force", "f"), ("interactive", "i"), ("no-clobber", "n"), ("verbose", "v"), ("update", "u"))
ELSEWHERE = (1, 18)  # errors for another file system: EPERM in MicroPython, EXDEV in POSIX


async def __main__(args):
    opts, names = options(args, "finuvTt:", LONG)
    if "f" in opts:
        opts.given.pop("i", None)
    for source, target in pairs(names, opts):
        try:
            await move(source, target, opts)
        except (OSError, Failure) as e:
            complain(source, e)
    return status()


async def move(source, target, opts):
    directory = guard(source, target)
    for path, _, _ in Walk(source):
        protected(path)
    if directory:
        source, target = source.rstrip("/"), target.rstrip("/")
        if "n" in opts and isdir(target):
            return
        protected(target)
    elif not await wanted(source, target, opts):
        return
    try:
        rename(source, target)
    except OSError as e:
        if e.args[0] not in ELSEWHERE:
            raise
        await carry(source, target, directory)
    if "v" in opts:
        print(f"renamed '{source}' -> '{target}'")


async def carry(source, target, directory):
    """Move to another file system: copy everything before removing anything."""
    if not directory:
        await copy_file(source, target, ())
    elif isdir(target) and os.listdir(target):
        raise OSError(39)  # ENOTEMPTY
    elif not await copy_tree(source, target, ()):
        raise Failure(source, "not removed: the copy is incomplete")
    await remove(source)
