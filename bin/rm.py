# rm - remove files and directories
# usage: rm [-dfirRv] FILE...
#
#   -r, -R  directories recursively     -d  empty directories, too     -v  print the removed files
#   -f  ignore missing files            -i  ask before each removal
# /, . and .., and system files that system.conf protects, are not removed.
# Deviations: there are no permissions to ask about.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/rm.html

import asyncio
import os

from base.errors import Failure, Usage
from base.files import TURN, Walk, entries, unlink
from base.paths import DIRECTORY, basename, join, normal
from program import complain, confirm, odd, options, protected, status

proc = None


async def __main__(args):
    opts, names = options(args, "dfirRv", (("recursive", "r"), ("force", "f"), ("verbose", "v"), ("interactive", "i")))
    if not names and "f" not in opts:
        raise Usage("missing operand")
    deep = "r" in opts or "R" in opts
    for name in names:
        try:
            if basename(name) in (".", "..") or normal(name, proc.cwd) == "/":
                raise Failure(name, "refusing to remove it")
            walk = Walk(name.rstrip("/"), remove_odd)
        except (OSError, Failure) as e:
            if "f" not in opts or isinstance(e, Failure) or e.args[0] != 2:
                complain(name, e)
            continue
        if walk.levels[0][0][1] and not deep:
            await remove_path(name, "d" in opts, opts)
        else:
            await remove(walk, opts)
    return status()


async def remove(walk, opts):
    turn = 0
    for path, directory, _ in walk:
        if directory is None:
            await remove_path(path, True, opts)
        elif not directory:
            await remove_path(path, None, opts)
        elif "i" in opts and entries(path) and not await confirm(f"rm: look into directory {path}? "):
            walk.prune()
        turn += 1
        if turn >= TURN:
            turn = 0
            await asyncio.sleep_ms(0)


def remove_odd(directory, name):
    """Remove an entry whose name (bytes) is not valid UTF-8, and everything below it."""
    left = [join(directory, "").encode() + name]
    while left:
        path = left[-1]
        try:
            if not os.stat(path)[0] & DIRECTORY:
                unlink(path)
            elif below := [path + b"/" + entry[0] for entry in os.ilistdir(path)]:
                left += below
                continue
            else:
                os.rmdir(path)
        except OSError as e:
            return odd(directory, name, e)
        left.pop()


async def remove_path(path, directory, opts):
    """Remove one entry. directory: True for one that may be removed, False for one that may not, None for a file."""
    try:
        if directory is False:
            raise OSError(21)  # EISDIR
        protected(path)
        if "i" in opts and not await confirm(f"rm: remove {path}? "):
            return
        if directory:
            os.rmdir(path)
        else:
            unlink(path)
    except (OSError, Failure) as e:
        return complain(path, e)
    if "v" in opts:
        print(f"removed {'directory ' if directory else ''}'{path}'")
