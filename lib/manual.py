# Manuals: what help, man, apropos and --help show.
#
# The manual of a program is the comment at the head of its file. Where a program is installed compiled, the image has
# the heads of all in one text; the built-ins have such a text too, and there are pages about other things. Nothing of
# it is kept in memory.

import os

from base.paths import isdir, normal
from process import cpu
from process.find import FLASH, IN_ROM, PATH, find

BUILTINS = ("/lib/shell/builtins.txt", "/rom/lib/shell/builtins.txt")
HEADS = ("/lib/heads.txt", "/rom/lib/heads.txt")
PAGES = ("/lib/pages/", "/rom/lib/pages/")  # about other things than commands


def lines(path):
    """The lines of a text file; none where it is not there."""
    try:
        with open(path, "rb") as file:  # which a squeezed file (lib/packs.py) can only be read as
            while line := file.readline():
                yield line.decode().rstrip()
    except OSError:
        return


def head(path):
    """The lines of the comment at the head of a source file, without the #."""
    for line in lines(path):
        if line[:2] == "#!":
            continue
        if line[:1] != "#":
            return
        yield line[2:]


def manual(name):
    """The lines of the manual of a command; none where there is none."""
    path = find(name, cpu.current)
    if path and path[-4:] != ".mpy":
        found = False
        for line in head(path):
            found = True
            yield line
        if found:
            return
    name = name.rsplit("/", 1)[-1]
    if name[-4:] == ".mpy":
        name = name[:-4]
    for file in HEADS + BUILTINS:
        inside = found = False
        for line in lines(file):
            word, dash, _ = line.partition(" - ")
            if dash and " " not in word:
                inside = word == name
            if inside:
                found = True
                yield line
        if found:
            return
    for directory in PAGES:
        yield from lines(directory + name + ".txt")


def usage(name):
    """The usage lines: the one that begins with the word, and those below it that go on."""
    inside = False
    for line in manual(name):
        if line[:6] == "usage:":
            inside = True
        elif inside and line[:7].strip():
            return
        elif inside and not line.strip():
            return
        if inside:
            yield line


def purposes():
    """(name, what it is for) of the built-ins and the commands along PATH, once each, in the order of names.

    The texts are in that order, so that each is read once and nothing of them is kept.
    """
    sources = [first_lines(BUILTINS), first_lines(HEADS), installed()]
    heads = [next(source, None) for source in sources]
    while True:
        least = None
        for item in heads:
            if item and (not least or item[0] < least[0]):
                least = item
        if not least:
            return
        yield least
        for i in range(len(heads)):
            while heads[i] and heads[i][0] <= least[0]:
                heads[i] = next(sources[i], None)


def first_lines(files):
    """(name, purpose) of the manuals in texts."""
    for file in files:
        for line in lines(file):
            name, dash, purpose = line.partition(" - ")
            if dash and " " not in name:
                yield name, purpose


def installed():
    """(name, purpose) of the programs along PATH; the texts have the purposes of compiled ones."""
    process = cpu.current
    found = []
    for directory in str(process.getenv("PATH") or PATH).split(":"):
        directory = normal(directory, process.cwd)
        # The texts name what /bin shows beside the files of the flash: to list it all would take 12 kB.
        volume = FLASH if IN_ROM and directory == "/bin" else os
        try:
            entries = volume.ilistdir(directory)
        except OSError:
            continue
        for entry in entries:
            name, _, kind = entry[0].rpartition(".")
            if name and kind in ("py", "sh"):
                found.append(f"{name}\t{directory}/{entry[0]}")
            elif name and kind == "mpy":
                found.append(name)
    found.sort()
    for item in found:
        name, tab, path = item.partition("\t")
        yield name, purpose_of(path, name) if tab else ""


def purpose_of(path, name):
    """What the first line of a head says."""
    for line in head(path):
        if line.startswith(name + " - "):
            return line[len(name) + 3 :]
        break
    return ""


def apropos(process, words):
    """Write the lines of purposes() and of the pages in which one of the words is; the exit status."""
    found = {}
    for texts in (purposes, pages):
        for name, purpose in texts():
            line = f"{name} - {purpose}".lower()
            for word in words:
                if word.lower() in line:
                    found.setdefault(name, purpose)
                    break
    for name in sorted(found):
        process.stdout.write(f"{name} - {found[name]}\n")
    if not found:
        process.complain(" ".join(words), "nothing appropriate")
        return 1
    return 0


def pages():
    """(name, what it is about) of the pages about other things than commands."""
    for directory in PAGES:
        for page in os.listdir(directory) if isdir(directory) else ():
            for line in lines(directory + page):
                yield page[:-4], line.partition(" - ")[2]
                break


def wrap(line, width):
    """The rows of a line of text on a terminal of that width; those after the first are indented as it is."""
    indent = len(line) - len(line.lstrip())
    while len(line) > width:
        cut = line.rfind(" ", indent + 1, width + 1)
        if cut <= indent:
            break
        yield line[:cut].rstrip()
        line = " " * indent + line[cut:].lstrip()
    yield line


def show(process, text):
    """Write lines to the output of a process, wrapped where that is a terminal."""
    terminal = process.stdout.terminal
    for line in text:
        for row in wrap(line, terminal.columns - 1) if terminal else (line,):
            process.stdout.write(row + "\n")
