"""The short names that compiled images of a tree have (simulator.renaming), kept under .sim/, and the way back.

A traceback of such an image names functions by their short names; translate() puts the names of the source there.
"""

import ast
import functools
import hashlib
import json
import os
import re

from simulator import compiled, inputs, libraries, renaming
from simulator.environment import ROOT, STATE

# What knows names of the system: sources, strings of what runs code on a board, settings, and what users read. What
# another tree need not have is that of this one.
SOURCES = ("bin", "lib", "opt")
BESIDE = ("opt", "tools/simulator/board", "tools/simulator/devices", "tools/remote/mounted", "tools/benchmarks/board")
SENDERS = ("tools/remote", "tools/benchmarks")
TEXTS = ("etc",)
MANUAL = "docs/writing-a-program.md"
TOP = ("boot.py", "startup.py", "main.py", "recovery.py", "rescue.py", "spare.py")

_PLACE = re.compile(r'^(\s*File "([^"]+)", line \d+, in )(\S+)')
_QUOTED = re.compile(r"'(\w+)'")


@functools.lru_cache(maxsize=4)
def tables(tree=ROOT):
    """{name of a file: {its name: the short one}} for a tree."""
    path, place = inputs.recall("names", tree)
    if not path:
        path = _kept(tree)
        inputs.remember(place, path)
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def _kept(tree):
    """The path of a file with the tables, made once for each content of what they depend on."""
    sources = _sources(tree)
    texts = _texts(tree)
    key = hashlib.sha256(json.dumps([sources, texts, _program()], sort_keys=True).encode()).hexdigest()[:32]
    path = os.path.join(STATE, "mpy", "names-%s.json" % key)
    if os.path.exists(path):
        return path
    found = {name: table for name, table in renaming.plan(sources, texts).items() if table}
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open("%s.%d" % (path, os.getpid()), "w", encoding="utf-8") as file:
        json.dump(found, file, sort_keys=True)
    os.rename(file.name, path)
    return path


def _program():
    """What makes the tables: another version of it makes others."""
    texts = []
    for name in ("renaming.py", "identifiers.py", "methods.txt"):
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), encoding="utf-8") as file:
            texts.append(file.read())
    return texts


def _files(tree, part):
    """The files of a part of a tree, as (path, name), or the one file that it is."""
    path = os.path.join(tree, part)
    if os.path.isfile(path):
        yield path, part
    for directory, directories, names in os.walk(path):
        directories[:] = sorted(name for name in directories if not name.startswith((".", "__pycache__")))
        for name in sorted(names):
            full = os.path.join(directory, name)
            yield full, os.path.relpath(full, tree).replace(os.sep, "/")


def _read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def _sources(tree):
    found = {}
    for part in SOURCES + TOP:
        found.update((name, _read(path)) for path, name in _files(tree, part) if name.endswith(".py"))
    for part in BESIDE:
        found.update((name, _read(path)) for path, name in _files(ROOT, part) if name.endswith(".py"))
    found.update((name, _read(path)) for path, name in libraries.sources() if name.endswith(".py"))
    return found


def _texts(tree):
    found = [_read(path) for part in TEXTS for path, _ in _files(tree, part)]
    found += [_read(path) for path, _ in _files(ROOT, MANUAL)]
    for part in SENDERS:
        for path, name in _files(ROOT, part):
            if name.endswith(".py"):
                source = _read(path).encode()
                found.append(
                    _read(compiled.kept(b"strings\0" + source, ".txt", lambda source=source: _strings(source)))
                )
    return found


def _strings(source):
    """The string constants of a source, in one text."""
    constants = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return " ".join(value for value in constants if isinstance(value, str)).encode(errors="replace")


def frozen_name(file):
    """What a traceback calls a file of the tree that is frozen into the firmware."""
    if file.startswith("bin/"):
        return file.replace("-", "_")
    return file.partition("/")[2]


class Translator:
    """Puts the names of the sources into the lines of tracebacks."""

    def __init__(self, tree=ROOT):
        from simulator.compiled import ROM, source_name

        self.names = {}  # what a traceback calls a file: {short name: its name}
        for file, table in tables(tree).items():
            names = {short: name for name, short in table.items()}
            self.names.update({source_name(file, top): names for top in ("", ROM)})
            self.names[frozen_name(file)] = names
        self.last = {}  # those of the file that the last line named

    def line(self, text):
        """A line of output as the user reads it."""
        found = _PLACE.match(text)
        if found:
            self.last = self.names.get(found[2], {})
            return found[1] + self.last.get(found[3], found[3]) + text[found.end() :]
        if self.last and not text.startswith(" "):  # the exception, which follows its places
            last, self.last = self.last, {}
            return _QUOTED.sub(lambda word: "'%s'" % last.get(word[1], word[1]), text)
        return text

    def text(self, text):
        """The same for several lines."""
        return "".join(self.line(line) for line in text.splitlines(keepends=True))
