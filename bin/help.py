# help - list the commands, or show the manual of one
# usage: help [NAME...]
#
# The manual of a program is the comment at the head of its file; `NAME --help` prints it too.

import os

from base.paths import normal
from process.find import PATH
from program import complain, find_head, options, status

proc = None

BUILTINS = ("/lib/shell/builtins.txt", "/rom/lib/shell/builtins.txt")  # lines "name - purpose"
HEADS = ("/lib/heads.txt", "/rom/lib/heads.txt")  # the heads of programs that are there compiled only


def __main__(args):
    _, names = options(args, "")
    if names:
        for name in names:
            manual(name)
        return status()
    purposes = {}
    for file in BUILTINS + HEADS:
        for line in lines(file):
            name, dash, purpose = line.partition(" - ")
            if dash and " " not in name:
                purposes.setdefault(name, purpose)
    for directory in str(proc.getenv("PATH") or PATH).split(":"):
        programs(normal(directory, proc.cwd), purposes)
    width = max([len(name) for name in purposes])
    for name in sorted(purposes):
        proc.stdout.write(f"{name}{' ' * (width - len(name))}  {purposes[name]}".rstrip() + "\n")


def lines(path):
    """The lines of a file, none where it is not there."""
    try:
        with open(path) as file:
            for line in file:
                yield line.rstrip()
    except OSError:
        return


def programs(directory, purposes):
    """Note the name and the purpose of each program in directory."""
    try:
        entries = os.listdir(directory)
    except OSError:
        return
    for entry in entries:
        name, _, kind = entry.rpartition(".")
        if not name or name in purposes or kind not in ("py", "sh", "mpy"):
            continue
        purposes[name] = ""
        if kind == "mpy":
            continue
        for line in lines(directory + "/" + entry):
            if line[:2] != "#!":
                start = f"# {name} - "
                if line.startswith(start):
                    purposes[name] = line[len(start) :]
                break


def manual(name):
    """Print the head of a program, or the line of a built-in."""
    head = find_head(name) or kept(name)
    found = False
    for line in head:
        proc.stdout.write(line + "\n")
        found = True
    if not found:
        complain(name, "no manual")


def kept(name):
    """The lines about name in the files of heads and built-ins: from "name - " to the next such line."""
    for file in HEADS + BUILTINS:
        inside = False
        for line in lines(file):
            word, dash, _ = line.partition(" - ")
            if dash and " " not in word:
                inside = word == name
            if inside:
                yield line
