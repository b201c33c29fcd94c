# patch - apply unified diffs
# usage: patch [-bENRsu] [-p COUNT] [-d DIRECTORY] [-i PATCH] [-F LINES] [--dry-run] [FILE [PATCH]]
#
# Apply the unified differences in PATCH, or standard input, to the files they name, or to FILE.
#   -p COUNT  strip so many directories from names; the default is all
#   -R  reverse the changes      -N  skip applied patches      --dry-run  change nothing
#   -F LINES  lines of context that may differ at either end (2)      -b  keep FILE.orig      -E  remove empty files
#   -d DIRECTORY  change to it first      -s  only report errors      -u  no effect
# Rejected hunks are saved in FILE.rej, and the status is 1; 2 is an error. Files are changed atomically.
# Deviations: no context, normal and ed format.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/patch.html

import os

from base.errors import Failure
from base.files import Replacement, copy, make_directories, unlink
from base.paths import basename, dirname, exists, isdir, normal
from diff.hunks import Reader, apply, is_applied
from process import cpu
from program import inputs, options, protected

proc = None

LONG = (
    ("backup", "b"),
    ("directory", "d"),
    "dry-run",
    ("forward", "N"),
    ("fuzz", "F"),
    ("input", "i"),
    ("quiet", "s"),
    ("remove-empty-files", "E"),
    ("reverse", "R"),
    ("silent", "s"),
    ("strip", "p"),
)


async def __main__(args):
    opts, words = options(args, "bd:EF:i:Np:Rsu", LONG, most=2)
    if "d" in opts:
        os.chdir(normal(opts["d"], proc.cwd))
        cpu.moved()
        proc.cwd = os.getcwd()
    source = opts["i"] or (words[1] if len(words) > 1 else "-")
    found = failed = 0
    for _, stream in inputs([source]):
        reader = Reader(stream)
        while names := await reader.header("R" in opts):
            found += 1
            hunks = []
            while hunk := await reader.hunk("R" in opts):
                hunks.append(hunk)
            failed += await change(words[0] if words else None, names, hunks, opts)
    if proc.failed:
        return 2
    if not found and reader.any:
        raise Failure("", "only garbage was found in the patch", 2)
    return 1 if failed else 0


def target(names, opts):
    """Return the path of the file to patch: the one that exists, else the new one."""
    paths = []
    for text in names:
        if text != "/dev/null":
            parts = text.split("/")
            path = "/".join(parts[opts.number("p", 0) :]) if "p" in opts else basename(text)
            if not path or path[0] == "/" or ".." in parts:
                raise Failure(text, "not below the current directory", 2)
            paths.append(path)
    if not paths:
        raise Failure("", "the patch names no file", 2)
    for path in paths[::-1]:
        if exists(path):
            return path
    return paths[-1]


async def change(path, names, hunks, opts):
    """Apply the hunks of one file. Return 1 if some fail."""
    path = path or target(names, opts)
    if not hunks:
        raise Failure(path, "no hunks in the patch", 2)
    lines = []
    there = exists(path)
    if there:
        if isdir(path):
            raise Failure(path, "Is a directory", 2)
        protected(path)
        with open(path, "rb") as file:
            lines = list(file)
    elif names[0] != "/dev/null":
        raise Failure(path, "no such file", 2)
    if "s" not in opts:
        proc.stdout.write(f"{'checking' if '0' in opts else 'patching'} file {path}\n")
    said = []
    old = lines[:]
    rejected = apply(lines, hunks, opts.number("F", 2), said.append)
    if rejected and is_applied(old, hunks):
        proc.stdout.write(f"{path}: has been applied already{'' if 'N' in opts else '; -R takes it back'}\n")
        return 1
    if "s" not in opts:
        proc.stdout.write("".join(said))
    if "dry-run" in opts:
        return 1 if rejected else 0
    if len(rejected) < len(hunks):
        if "b" in opts and there:
            await copy(path, path + ".orig")
        if not lines and (names[1] == "/dev/null" or "E" in opts):
            unlink(path)
        else:
            make_directories(dirname(path))
            with Replacement(path) as out:
                for line in lines:
                    out.write(line)
    if rejected:
        proc.stdout.write(f"{len(rejected)} of {len(hunks)} hunks fit nowhere: {path}.rej\n")
        with Replacement(path + ".rej") as out:
            out.write(f"--- {names[0]}\n+++ {names[1]}\n")
            for hunk in rejected:
                for line in hunk.text():
                    out.write(line)
    return 1 if rejected else 0
