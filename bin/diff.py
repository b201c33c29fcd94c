# diff - compare two files or directories
# usage: diff [-abBcdeiNpqrsuwy] [-U LINES] [-C LINES] [-W COLUMNS] [-L LABEL]... [-F REGEX] [-x GLOB]... OLD NEW
#
#   -u  unified, with 3 lines of context (the default lists only the changes)      -U LINES  with so many
#   -c  context format, old lines above the new      -C LINES  with so many      -e  a script for ed
#   -y  side by side in -W COLUMNS (130); --suppress-common-lines  only changes      -d, --normal, --color  no effect
#   -q  only report whether they differ      -s  report identical files, too      -a  treat binary files as text
#   -i  ignore case      -b  ignore changes in the amount of blanks      -w  ignore blanks
#   -B  ignore empty lines      --strip-trailing-cr  ignore carriage returns at the end of lines
#   -r  recurse into directories      -N  missing files are empty      -x GLOB  skip files of such a name
#   -L LABEL  instead of a file's name      -p  the function of a change      -F REGEX  the last matching line before it
#   --old-line-format=FORMAT, --new-line-format=FORMAT, --unchanged-line-format=FORMAT  %L and %l: the line, %dn: its number
# Status: 0 equal, 1 different, 2 an error.
# Deviations: no -f.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/diff.html

import os

from base.errors import Failure, Usage
from base.files import entries
from base.paths import basename, exists, isdir, join
from program import complain, integer, odd, options

proc = None

LONG = (
    ("brief", "q"),
    ("exclude", "x"),
    ("ignore-all-space", "w"),
    ("ignore-blank-lines", "B"),
    ("ignore-case", "i"),
    ("ignore-space-change", "b"),
    ("label", "L"),
    ("new-file", "N"),
    "new-line-format:",
    "old-line-format:",
    ("recursive", "r"),
    ("report-identical-files", "s"),
    ("show-c-function", "p"),
    ("show-function-line", "F"),
    "strip-trailing-cr",
    ("text", "a"),
    "unchanged-line-format:",
    ("unified", "u"),
    ("context", "c"),
    ("ed", "e"),
    ("minimal", "d"),
    ("normal", "d"),
    ("side-by-side", "y"),
    "suppress-common-lines",
    ("width", "W"),
)


VALUED = ("--unified=", "--context=")  # options with an optional value


async def __main__(args):
    args = [f"-{arg[2].upper()}{arg[10:]}" if arg[:10] in VALUED else arg for arg in args if arg[:7] != "--color"]
    opts, files = options(args, "abBcC:deiNpqrsuwU:W:L:F:x:y", LONG)
    if len(files) != 2:
        raise Usage("expected two operands")
    old, new = files
    if isdir(old) != isdir(new) and "-" not in files:  # a file and its namesake in a directory
        if isdir(old):
            old = join(old, basename(new))
        else:
            new = join(new, basename(old))
    status = 0
    waiting = [(old, new, "")]
    while waiting:
        old, new, title = waiting.pop()
        try:
            if old != "-" and new != "-" and isdir(old) and isdir(new):
                if title and "r" not in opts:
                    proc.stdout.write(f"Common subdirectories: {old} and {new}\n")
                    continue
                more, differ = listed(old, new, opts)
                more.reverse()
                waiting.extend(more)
            else:
                differ = await compare(old, new, opts, title)
            status = max(status, differ)
        except (OSError, Failure) as e:
            complain("" if isinstance(e, Failure) else old if not exists(old) or isdir(old) else new, e)
            status = 2
    return max(status, 2 * proc.failed)


def listed(old, new, opts):
    """Return the pairs of two directories, and 1 if one has a file that the other lacks."""
    from text.pattern import match  # late: only for directories

    names = dict.fromkeys([entry[0] for entry in entries(old, odd)], 1)
    for name, _ in entries(new, odd):
        names[name] = names.get(name, 0) + 2
    pairs = []
    differ = 0
    given = "diff"
    for letter, value in opts.order:
        if len(letter) == 1:
            given += f" -{letter}" if value is True else f" -{letter} {value}"
    for name in sorted(names):
        if any(match(glob, name) for glob in opts.all("x")):
            continue
        a, b = join(old, name), join(new, name)
        if names[name] == 3 or "N" in opts:
            pairs.append((a, b, f"{given} {a} {b}\n"))
        else:
            proc.stdout.write(f"Only in {old if names[name] == 1 else new}: {name}\n")
            differ = 1
    return pairs, differ


async def compare(old, new, opts, title):
    """Compare two files. Return 1 if they differ."""
    from diff import compare as texts  # here: the image of a program keeps what its top level imports

    same = comparison(opts)
    lines = []
    loose = any(name in opts for name in ("b", "B", "i", "w", "strip-trailing-cr"))
    try:
        if old == new == "-":
            return result(old, new, True, opts)
        if "-" not in (old, new) and exists(old) and exists(new):
            alike = await texts.equal(old, new)
            if alike and "y" not in opts or ("q" in opts and not loose):
                return result(old, new, alike, opts)
        for name in (old, new):
            there = name == "-" or "N" not in opts or exists(name)
            lines.append(texts.Lines(name, name if there else None, same))
            await lines[-1].read()
        a, b = lines
        if (a.binary or b.binary) and "a" not in opts and a.sums != b.sums:
            proc.stdout.write(f"Binary files {old} and {new} differ\n")
            return 1
        context = opts["U"] or opts["C"]
        context = max(integer(context), 0) if context else 3 if "u" in opts or "c" in opts else 0
        found = await texts.changes(a, b, context)
        if "B" in opts:
            found = [change for change in found if not empty(a, b, change)]
        if "q" in opts or not (found or "y" in opts):
            return result(old, new, not found, opts)
        proc.stdout.write(title)
        await show(a, b, found, opts, context)
        return 1 if found else 0
    finally:
        for entry in lines:
            entry.close()


def result(old, new, alike, opts):
    """Report whether files are the same, if wanted."""
    if alike and "s" in opts:
        proc.stdout.write(f"Files {old} and {new} are identical\n")
    elif not alike:
        proc.stdout.write(f"Files {old} and {new} differ\n")
    return 0 if alike else 1


def comparison(opts):
    """Return a function that normalizes a line for the comparison."""

    def same(line):
        if "strip-trailing-cr" in opts and line[-2:] == b"\r\n":
            line = line[:-2] + b"\n"
        if "w" in opts:
            line = b"".join(line.split())
        elif "b" in opts:
            line = (b" " if line[:1] in (b" ", b"\t") else b"") + b" ".join(line.split())
        return line.lower() if "i" in opts else line

    return same


def empty(a, b, change):
    """Return whether only empty lines have changed."""
    for i in range(change[0], change[1]):
        if a[i].strip(b"\n"):
            return False
    return all(not b[k].strip(b"\n") for k in range(change[2], change[3]))


async def show(a, b, found, opts, context):
    from diff import output  # late: only for files that differ

    formats = [opts[name + "-line-format"] for name in ("old", "new", "unchanged")]
    if formats != [None, None, None]:
        return await output.formatted(a, b, found, ["%l\n" if form is None else form for form in formats])
    finder = None
    if "F" in opts or "p" in opts:
        from regex.finder import Finder  # late: only for -F and -p

        finder = Finder(opts["F"] or "^[[:alpha:]$_]")
    above = "c" in opts or "C" in opts
    if "y" in opts:
        return await output.beside(a, b, found, opts.number("W", 130), "suppress-common-lines" in opts)
    if "e" in opts:
        return await output.script(a, b, found)
    if not (above or "u" in opts or "U" in opts):
        return await output.normal(a, b, found)
    for mark, lines, k in (("***" if above else "---", a, 0), ("---" if above else "+++", b, 1)):
        labels = opts.all("L")
        proc.stdout.write(f"{mark} {labels[k] if k < len(labels) else stamp(lines)}\n")

    def title(start):
        for i in range(start - 1, -1, -1) if finder else ():
            line = a[i].rstrip(b"\r\n")
            if finder.search(line):
                return " " + line[:40].decode()
        return ""

    await (output.context if above else output.unified)(a, b, found, context, title)


def stamp(lines):
    """Return the name of a file and its time."""
    from base.dates import strftime  # late: only for -u and -c

    moment = os.stat(lines.path)[8] if lines.path not in (None, "-") else 0
    return lines.name + strftime("\t%Y-%m-%d %H:%M:%S.000000000 %z", moment, proc.getenv("TZ"))
