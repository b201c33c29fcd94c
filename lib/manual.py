# Manuals, for help, man, apropos and --help.
#
# The manual of a program is the head comment of its file. For compiled programs, the image has one text with all head
# comments; built-ins have such a text, too, and there are pages about other topics. Nothing is kept in memory.

import os

from base.paths import isdir, normal
from process import cpu
from process.find import FLASH, IN_ROM, PATH, find

BUILTINS = ("/lib/shell/builtins.txt", "/rom/lib/shell/builtins.txt")
HEADS = ("/lib/heads.txt", "/rom/lib/heads.txt")
PAGES = ("/lib/pages/", "/rom/lib/pages/")  # about other topics
COLUMNS = 80  # of what is no terminal


def lines(path):
    """Yield the lines of a text file; none if it is missing."""
    try:
        with open(path, "rb") as file:
            while line := file.readline():
                yield line.decode().rstrip()
    except OSError:
        return


def head(path):
    """Yield the lines of a source file's head comment, without the #."""
    for line in lines(path):
        if line[:2] == "#!":
            continue
        if line[:1] != "#":
            return
        yield line[2:]


def manual(name):
    """Yield the lines of the manual of a command; none if there is none."""
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
    """Yield the usage lines: the one that starts with `usage`, and the continuation lines below."""
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
    """Yield (name, purpose) of the built-ins and the commands in PATH, sorted by name and without duplicates.

    The texts are sorted, so that each is read once and nothing of it is kept.
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
    """Yield (name, purpose) of the manuals in the texts."""
    for file in files:
        for line in lines(file):
            name, dash, purpose = line.partition(" - ")
            if dash and " " not in name:
                yield name, purpose


def installed():
    """Yield (name, purpose) of the programs in PATH. Those of compiled programs come from the texts."""
    process = cpu.current
    found = []
    for directory in str(process.getenv("PATH") or PATH).split(":"):
        directory = normal(directory, process.cwd)
        # The texts have the names that /bin shows besides the files on the flash: listing them would take 12 kB.
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
    """Return the purpose of a program from the first line of its head comment."""
    for line in head(path):
        if line.startswith(name + " - "):
            return line[len(name) + 3 :]
        break
    return ""


def apropos(process, words):
    """Write the lines of purposes() and pages() that contain one of the words. Return the exit status."""
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
    """Yield (name, topic) of the pages about other topics."""
    for directory in PAGES:
        for page in os.listdir(directory) if isdir(directory) else ():
            for line in lines(directory + page):
                yield page[:-4], line.partition(" - ")[2]
                break


def wrap(line, width):
    """Yield the rows of a line wrapped to width; continuation rows keep its indentation.

    A table of options is cut between two of them, where three blanks or more stand; a text that goes on stands below its
    beginning, behind the option.
    """
    indent = len(line) - len(line.lstrip())
    while len(line) > width:
        cut = line.rfind("   ", indent + 1, width + 3)
        hang = indent
        if cut <= indent:
            cut = line.rfind(" ", indent + 1, width + 1)
            gap = line.find("  ", indent)
            if line[indent : indent + 6] == "usage:":
                hang = indent + 7
            elif line[indent : indent + 1] == "-" and indent < gap < width // 2:
                hang = len(line) - len(line[gap:].lstrip())
        if cut <= indent:
            break
        yield line[:cut].rstrip()
        line = " " * hang + line[cut:].lstrip()
        indent = hang
    yield line


def show(process, text):
    """Write lines to the output of a process, wrapped for its terminal, or else for one of 80 columns."""
    terminal = process.stdout.terminal
    for line in text:
        for row in wrap(line, terminal.columns - 1 if terminal else COLUMNS):
            process.stdout.write(row + "\n")
