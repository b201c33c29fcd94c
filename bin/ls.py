# ls - list directories
# usage: ls [-1aAbCcdFfghiklmNnopqRrSstUuXx] [-w COLUMNS] [FILE...]
#
# Print the names in each FILE that is a directory (in the working directory if there is none), sorted, in columns on
# a terminal and one a line elsewhere. Names that start with a dot are hidden.
#   -a  all, also . and ..      -A  all but those           -d  directories themselves, not what is in them
#   -l  a line of details: type and mode, links, owner, group, size, time; the sum in KiB first      -i  a number first
#   -h  sizes for people        -s  KiB first               -R  directories below too
#   -t  by time, new ones first -S  by size, large first    -r  backwards      -U  as the file system has them
#   -1  one a line              -C  columns, -x across      -F  mark directories with / and programs with *  -p only /
#   -w COLUMNS  as wide as that  -m  with commas, as many on a line as fit    -f  as -aU
#   -n, -g, -o  as -l, with numbers, without owner, without group
#   -b  \n and the like for characters that cannot be shown, -q ? for them, -N as they are     -X  by suffix
#   -c, -u, --color  no effect, but -c without -l is -t    --sort=none|size|time|extension  -U, -S, -t, -X
#   --group-directories-first    --full-time  as -l, with the date, the time and the zone in full
#   --upyos  -l as upyOS has it: d for a directory, rw or r- for a protected system file, x for a program; size; time; the sum
#            in bytes last, but with -k
# Modes and times are those of chmod and touch, or what is usual; all files are root's, and -i gives a number made of the path.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/ls.html

import asyncio
import os

from micropython import const

from base.errors import Usage
from base.files import listed
from base.paths import DIRECTORY, join, normal
from process.memory import patiently
from program import complain, odd, options, status

proc = None

MANY = const(64)  # names per write

SORTS = ("none", "U"), ("size", "S"), ("time", "t"), ("extension", "X"), ("name", "k")  # ls stays loaded: no dict

LONG = (
    ("all", "a"),
    ("almost-all", "A"),
    ("human-readable", "h"),
    ("recursive", "R"),
    "group-directories-first",
    "full-time",
    "upyos",
    ("inode", "i"),
    ("escape", "b"),
    ("hide-control-chars", "q"),
    ("reverse", "r"),
    ("width", "w"),
    ("directory", "d"),
    ("literal", "N"),
    "sort:",
)


async def __main__(args):
    args = [arg for arg in args if arg[:7] != "--color"]
    opts, names = options(args, "1aAbCcdFfghiklmNnopqRrSstUuXxw:", LONG)
    if "sort" in opts:
        letter = dict(SORTS).get(opts["sort"])
        if not letter:
            raise Usage("expected none, size, time or extension", "--sort")
        opts.given[letter] = True
    if "c" in opts and "l" not in opts:
        opts.given["t"] = True
    trouble = 0
    files = []
    directories = []
    folders = set()  # the operands that are directories
    for name in names or ["."]:
        try:
            bits = os.stat(name)[0]
        except OSError as e:
            complain(name, e)
            trouble = 2  # as in GNU; 1 is for errors below an operand
            continue
        if bits & DIRECTORY and "d" not in opts:
            directories.append(name)
            continue
        files.append(name)
        if bits & DIRECTORY:
            folders.add(name)
    titles = len(names) > 1 or "R" in opts
    names = None
    if proc.stdout.isatty() and "b" not in opts and "N" not in opts:
        opts.given["q"] = True  # a name must not send commands to the terminal
    show = shower(opts)
    if files:
        await write(show("", arrange(files, folders, "", opts), folders))
    shown = bool(files)
    files = None
    arrange(directories, directories, "", opts)
    directories.reverse()
    while directories:
        path = directories.pop()
        try:
            found, folders = await patiently(
                read, normal(path, proc.cwd), path, "a" in opts or "f" in opts, "A" in opts
            )
        except OSError as e:
            complain(path, e)
            continue
        arrange(found, folders, path, opts)
        if titles:
            proc.stdout.write(f"\n{path}:\n" if shown else f"{path}:\n")
            shown = True
        await write(show(path, found, folders))
        if "R" in opts:
            below = [join(path, name) for name in found if name in folders and name not in (".", "..")]
            below.reverse()
            directories += below
            await asyncio.sleep_ms(0)
    return trouble or status()


def read(path, shown, everything, hidden):
    """Return (names, set of those that are directories) of a directory; shown: its name in messages.

    path must be absolute: listing "." in the root would omit mount points. Only names are kept, to save memory in large
    directories.
    """
    names = [".", ".."] if everything else []
    folders = set(names)
    for name, bits in listed(path, lambda _, name: odd(shown, name)):
        if name[0] != "." or everything or hidden:
            names.append(name)
            if bits & DIRECTORY:
                folders.add(name)
    return names, folders


def arrange(names, folders, path, opts):
    """Sort names as the options say, and return them."""
    if "U" not in opts and "f" not in opts:
        names.sort(reverse="r" in opts)
        if "t" in opts or "S" in opts or "group-directories-first" in opts or "X" in opts:
            from text.listing import by  # late: usually names are enough

            names[:] = by(names, folders, path, opts)
    return names


async def write(texts):
    """Write many texts, yielding to other tasks in between."""
    more = False
    for text in texts:
        if more:
            await asyncio.sleep_ms(0)
        more = True
        proc.stdout.write(text)


def shower(opts):
    """Return a function that yields the output for names of a directory."""
    if "l" in opts or "n" in opts or "g" in opts or "o" in opts or "s" in opts or "full-time" in opts or "i" in opts:
        from text.listing import details  # late: plain ls does without

        return lambda path, names, folders: details(names, folders, path, opts)
    across = "x" in opts
    if "m" not in opts and ("1" in opts or not ("C" in opts or across or proc.stdout.isatty())):
        return lambda path, names, folders: simple(path, names, folders, opts)
    from text.columns import columns, commas  # late: only on a terminal

    width = int(opts["w"] or proc.env.get("COLUMNS") or getattr(proc.stdout.terminal, "columns", 80))

    def show(path, names, folders):
        names = [marked(path, name, folders, opts) for name in names]
        lines = commas(names, width) if "m" in opts else columns(names, width, across)
        yield "".join([line + "\n" for line in lines])

    return show


def simple(path, names, folders, opts):
    """Yield one name per line."""
    plain = "F" not in opts and "p" not in opts and "q" not in opts and "b" not in opts
    for i in range(0, len(names), MANY):
        some = names[i : i + MANY]
        if not plain:
            some = [marked(path, name, folders, opts) for name in some]
        yield "\n".join(some) + "\n"


def marked(path, name, folders, opts):
    """Return the name with its type indicator."""
    mark = ""
    if name in folders and ("F" in opts or "p" in opts):
        mark = "/"
    elif "F" in opts:
        from base import attributes  # late: rare

        mark = "*" if attributes.stat(join(path, name), proc.cwd)[0] & 0o111 else ""
    if "b" in opts or ("q" in opts and min(name.encode()) < 32):
        from text.visible import safe  # late: few names need it

        name = safe(name, "b" in opts)
    return name + mark
