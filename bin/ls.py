# ls - list directories
# usage: ls [-1aACdFfghklnopqRrSstUux] [-w COLUMNS] [FILE...]
#
# Print the names in each FILE that is a directory (in the working directory if there is none), sorted, in columns on
# a terminal and one a line elsewhere. Names that start with a dot are hidden.
#   -a  all, also . and ..      -A  all but those           -d  directories themselves, not what is in them
#   -l  a line of details: d for a directory, rw or r- for a protected system file, x for a program; size; time
#   -h  sizes for people        -k  without the total line  -s  KiB first      -R  directories below too
#   -t  by time, new ones first -S  by size, large first    -r  backwards      -U  as the file system has them
#   -1  one a line              -C  columns, -x across      -F  mark directories with / and programs with *  -p only /
#   -w COLUMNS  as wide as that  -n, -g, -o  as -l          -f  as -aU      -q, -u, --color  no effect
#   --group-directories-first
# Deviations: -l shows what there is.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/ls.html

import asyncio
import os

from base.paths import DIRECTORY, join, normal
from program import complain, options, status

proc = None

LONG = (
    ("all", "a"),
    ("almost-all", "A"),
    ("human-readable", "h"),
    ("recursive", "R"),
    ("group-directories-first", "/"),
)


async def __main__(args):
    args = [arg for arg in args if arg[:7] != "--color"]
    opts, names = options(args, "1aACdFfghklnopqRrSstUuxw:/", LONG)
    files = []
    directories = []
    for name in names or ["."]:
        try:
            bits = os.stat(name)[0]
        except OSError as e:
            complain(name, e)
            continue
        if bits & DIRECTORY and "d" not in opts:
            directories.append(name)
        else:
            files.append((name, bits))
    show = shower(opts)
    if files:
        show("", arrange(files, "", opts))
    titles = len(names) > 1 or "R" in opts
    shown = bool(files)
    directories = [name for name, _ in arrange([(name, DIRECTORY) for name in directories], "", opts)]
    directories.reverse()
    while directories:
        path = directories.pop()
        try:
            # By its full path: "." in the root would not show what is mounted there.
            found = [entry[:2] for entry in os.ilistdir(normal(path, proc.cwd))]
        except OSError as e:
            complain(path, e)
            continue
        if "a" in opts or "f" in opts:
            found += [(".", DIRECTORY), ("..", DIRECTORY)]
        elif "A" not in opts:
            found = [entry for entry in found if entry[0][0] != "."]
        found = arrange(found, path, opts)
        if titles:
            proc.stdout.write(f"\n{path}:\n" if shown else f"{path}:\n")
            shown = True
        show(path, found)
        if "R" in opts:
            below = [join(path, name) for name, bits in found if bits & DIRECTORY and name not in (".", "..")]
            below.reverse()
            directories += below
            await asyncio.sleep_ms(0)
    return status()


def arrange(found, path, opts):
    """The entries (name, mode) in the order that was asked for."""
    if "U" in opts or "f" in opts:
        return found
    found.sort(key=lambda entry: entry[0], reverse="r" in opts)
    if "t" in opts or "S" in opts or "/" in opts:
        from text.listing import by  # late: names are enough most of the time

        found = by(found, path, opts)
    return found


def shower(opts):
    """What prints entries of a directory."""
    if "l" in opts or "n" in opts or "g" in opts or "o" in opts or "s" in opts:
        from text.listing import details

        return lambda path, found: proc.stdout.write(details(found, path, opts))
    across = "x" in opts
    if "1" in opts or not ("C" in opts or across or proc.stdout.isatty()):
        return lambda path, found: proc.stdout.write("".join([marked(entry, opts) + "\n" for entry in found]))
    from text.columns import columns

    width = int(opts["w"] or proc.env.get("COLUMNS") or getattr(proc.stdout.terminal, "columns", 80))

    def show(path, found):
        for line in columns([marked(entry, opts) for entry in found], width, across):
            proc.stdout.write(line + "\n")

    return show


def marked(entry, opts):
    """The name with its mark."""
    name, bits = entry
    if "F" in opts or "p" in opts:
        if bits & DIRECTORY:
            return name + "/"
        if "F" in opts and name.endswith((".py", ".mpy", ".sh")):
            return name + "*"
    return name
