# Shared by cp and mv: operands, checks before writing, and copying trees.

import os

from base.errors import Failure, Usage
from base.files import Walk, attributes, copy, inside, make_directories
from base.paths import DIRECTORY, basename, dirname, isdir, join, mode, normal
from process import cpu
from program import complain, confirm, odd, protected


def pairs(names, opts):
    """Yield (source, target) for the operands of cp and mv, considering -t DIRECTORY and -T in opts."""
    names = list(names)
    last = opts["t"]
    if last is None:
        if len(names) < 2:
            raise Usage("missing target" if names else "missing operand", names[0] if names else "")
        last = names.pop()
    into = isdir(last) and "T" not in opts
    if not into and (len(names) > 1 or opts["t"] or "D" in opts):
        raise Failure(last, "Not a directory")
    for source in names:
        if "D" in opts:
            below = join(last, normal(source)[1:])
            make_directories(dirname(below))
            yield source, below
            continue
        yield source, join(last, basename(source)) if into else last


def guard(source, target):
    """Raise if source cannot be copied to target. Return whether source is a directory."""
    bits = os.stat(source)[0]
    cwd = cpu.current.cwd
    here, there = normal(source, cwd), normal(target, cwd)
    if here == there:
        raise Failure(source, f"and {target} are the same file")
    if not bits & DIRECTORY:
        if target.endswith("/") and not isdir(target):
            raise Failure(target, "Not a directory")
        return False
    if inside(there, here):
        raise Failure(source, f"cannot go into itself, {target}")
    return True


async def wanted(source, target, opts):
    """Return whether target may be written: by -n, -u and -i, and it is neither a protected file nor a directory."""
    bits = mode(target)
    if not bits:
        protected(target)
        return True
    if bits & DIRECTORY:
        raise Failure(target, "Is a directory")
    if "n" in opts or ("u" in opts and not newer(source, target)):
        return False
    protected(target)
    return "i" not in opts or await confirm(f"overwrite {target}? ")


def newer(source, target):
    """Return whether source is newer than target."""
    table = attributes()
    if table:
        cwd = cpu.current.cwd
        return table.stat(source, cwd)[8] > table.stat(target, cwd)[8]
    return os.stat(source)[8] > os.stat(target)[8]


async def copy_file(source, target, opts):
    """Copy one file, unless an option forbids it."""
    if await wanted(source, target, opts):
        parent = dirname(target)
        if not isdir(parent):
            raise Failure(target, "Not a directory" if mode(parent) else "No such directory")
        await copy(source, target)
        if table := attributes():
            keep_attributes(table, source, target, opts)
        if "v" in opts:
            print(f"'{source}' -> '{target}'")


def keep_attributes(table, source, target, opts):
    """Copy the mode, with -p or -a also the time."""
    cwd = cpu.current.cwd
    st = table.stat(source, cwd)
    table.set_mode(normal(target, cwd), st[0] & 0o7777)
    if "p" in opts or "a" in opts:
        table.set_time(normal(target, cwd), st[8])


async def copy_tree(source, target, opts):
    """Copy a directory and its contents. Return True if there were no errors."""
    cut = len(source)
    good = True

    def skip(directory, name):
        nonlocal good
        good = False
        odd(directory, name)

    walk = Walk(source, skip)
    while True:
        path = source
        try:
            path, directory, _ = next(walk)
            if directory is None:
                continue
            goal = target + path[cut:]
            if not directory:
                await copy_file(path, goal, opts)
            elif not isdir(goal):
                try:
                    os.mkdir(goal)
                except OSError:
                    walk.prune()
                    raise
                if "v" in opts:
                    print(f"'{path}' -> '{goal}'")
        except StopIteration:
            return good
        except (OSError, Failure) as e:
            if isinstance(e, OSError) and e.args[0] == 32:  # EPIPE: the output of -v has no reader
                raise
            complain(path, e)
            good = False
