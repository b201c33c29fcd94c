"""Short names for the private names of compiled files.

MicroPython keeps every name for ever. plan() finds, for each source of a tree, the functions, globals, arguments and members
of classes that nothing else can ask for, and gives them names from one short list that all files share. Since each file
is renamed by itself, renamed and plain files of one tree go together.

A name stays as it is where another file, a string constant anywhere (getattr(), tables of names), a keyword of a call, the
documentation or MicroPython itself knows it. rewrite() changes the text where it stands, so that lines stay what they
were, and checks by the syntax tree that nothing but names has changed.
"""

import ast
import builtins
import io
import itertools
import keyword
import os
import re
import string
import tokenize

from simulator.identifiers import Facts, words

# Parts of the tree whose sources know names of lib/ and bin/, and those that are renamed.
RENAMED = ("bin/", "lib/")
# What programs of users import.
FACES = ("lib/program.py", "lib/sdata.py", "lib/utls.py", "lib/upyos.py", "lib/queue.py")
# What Load Modules of micrOS know, down to the arguments and what begins with an underscore.
UNCHANGED = ("lib/services/micros/faces/", "lib/services/micros/system.", "lib/services/micros/tasks.")
UNCHANGED += ("lib/services/micros/cluster.",)
# Beginnings of names that are put together when they are needed: getattr(module, f"{method}_{name}") in services/http.
COMPOSED = ("get_", "post_", "patch_", "put_", "delete_")
METHODS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "methods.txt")


def plan(sources, texts=()):
    """{name of a file: {its name: the short one}} for {name of a file: source} of a whole tree.

    texts: whatever else may call something by its name: settings, documentation.
    """
    return tables({name: Facts(source) for name, source in sources.items()}, texts)


def tables(facts, texts=()):
    """plan() from what is known of the sources."""
    known = _Known(facts, texts)
    chosen = {name: known.candidates(name) for name in sorted(facts) if name.startswith(RENAMED)}
    found = {}
    for family in _families(facts, chosen):
        taken = set()  # short names of members: classes of this family may be in one object
        for name in family:
            found[name] = known.table(name, chosen[name], taken)
    return found


class _Known:
    """What is known by its name, and by how many files."""

    def __init__(self, facts, texts):
        self.facts = facts
        self.refers = {}  # name: the number of files that ask for it
        self.binds = {}  # the same for files that have such a thing
        for each in facts.values():
            for name in each.attributes | each.imported | each.keywords | each.words:
                self.refers[name] = self.refers.get(name, 0) + 1
            for name in each.scope | each.members:
                self.binds[name] = self.binds.get(name, 0) + 1
        self.kept = methods()
        for text in texts:
            self.kept |= words(text)
        for file in facts:
            self.kept.update(part.partition(".")[0] for part in file.split("/"))
        strings = set().union(*[each.words for each in facts.values()])
        self.beginnings = COMPOSED + tuple(word for word in strings if word.strip("_") and word[-1] == "_")
        self.attributes = set().union(*[each.attributes | each.imported | each.keywords for each in facts.values()])

    def stays(self, name):
        return name[:2] == "__" or name in self.kept or name.startswith(self.beginnings)

    def candidates(self, file):
        """(names of functions, globals and arguments, names of members, constants) that are renamed in a file."""
        if file.startswith(UNCHANGED):
            return set(), set(), set()
        facts = self.facts[file]
        own = facts.words | facts.keywords | facts.imported
        scope, members = set(), set()
        for name in facts.scope - facts.hidden - facts.classes - facts.members - own:
            if name not in self.refers and not self.stays(name):
                scope.add(name)
        for name in (facts.members & facts.attributes) - facts.foreign - facts.receivers - facts.classes - own:
            if self.refers[name] == 1 and self.binds[name] == 1 and not self.stays(name) and not name.isupper():
                members.add(name)
        if file in FACES:
            scope = {name for name in scope if name[0] == "_"}
            members = {name for name in members if name[0] == "_"}
        return scope, members, facts.constants & scope

    def table(self, file, chosen, taken):
        """{name: short name}: no short name is used for anything else in the file."""
        scope, members, constants = chosen
        used = self.facts[file].names | self.attributes
        free = (short for short in shorts() if short not in used)
        found = {}
        for name in sorted(members):
            found[name] = next(short for short in free if short not in taken)
            taken.add(found[name])
        for name in sorted(scope - constants):
            found[name] = next(free)
        for name in sorted(constants):  # with an underscore the compiler leaves them out
            found[name] = next("_" + short for short in free if "_" + short not in used)
        return found


def shorts():
    """a, b, c ... aa, ab ...: names that mean nothing."""
    for size in itertools.count(1):
        for letters in itertools.product(string.ascii_letters, repeat=size):
            name = "".join(letters)
            if not keyword.iskeyword(name) and name not in keyword.softkwlist and not hasattr(builtins, name):
                yield name


def methods():
    """The names that objects of MicroPython and of its ports have."""
    with open(METHODS, encoding="utf-8") as file:
        return {word for line in file if not line.startswith("#") for word in line.split()}


def _families(facts, chosen):
    """Lists of files whose classes are made of one another: what is in one object must differ."""
    parents = {name: name for name in chosen}

    def top(name):
        while parents[name] != name:
            name = parents[name]
        return name

    for name in chosen:
        for module, base in facts[name].bases:
            if module is None:
                continue
            for stem in ((module + "." + base).replace(".", "/"), module.replace(".", "/")):
                for path in ("lib/%s.py" % stem, "lib/%s/__init__.py" % stem):
                    if path in chosen:
                        parents[top(path)] = top(name)
    found = {}
    for name in sorted(chosen):
        found.setdefault(top(name), []).append(name)
    return found.values()


def rewrite(source, table):
    """A source with other names, each where it stood."""
    if not table:
        return source
    changed = _replaced(source, table)
    if ast.dump(_Renamer(table).visit(ast.parse(source))) != ast.dump(ast.parse(changed)):
        raise ValueError("more than names would change")
    return changed


def _replaced(text, table):
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    parts, done = [], 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME and token.string in table:
            new = table[token.string]
        elif token.type == tokenize.STRING and "f" in re.match(r"\w*", token.string)[0].lower():
            new = _format(token.string, table)
        else:
            continue
        at = starts[token.start[0] - 1] + token.start[1]
        parts += [text[done:at], new]
        done = starts[token.end[0] - 1] + token.end[1]
    return "".join(parts) + text[done:]


def _format(text, table):
    """An f-string (before Python 3.12 it is one token), with other names in its fields."""
    out, at = [], 0
    while at < len(text):
        if text[at] == "{" and text[at : at + 2] != "{{":
            end = _expression(text, at + 1)
            out.append("{" + _replaced("(" + text[at + 1 : end] + ")", table).strip()[1:-1])
            at = end
            if text[at] == "!":
                out.append(text[at : at + 2])
                at += 2
            if text[at] == ":":
                end = _specification(text, at)
                out.append(_format(text[at:end], table))
                at = end
        elif text[at : at + 2] in ("{{", "}}"):
            out.append(text[at : at + 2])
            at += 2
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def _expression(text, at):
    """Where the expression of a field ends: at its !, : or }."""
    depth, quote = 0, ""
    while True:
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "([{":
            depth += 1
        elif depth and char in ")]}":
            depth -= 1
        elif not depth and (char in ":}" or (char == "!" and text[at + 1] != "=")):
            return at
        at += 1


def _specification(text, at):
    """Where what follows the colon of a field ends."""
    depth = 0
    while depth or text[at] != "}":
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at


class _Renamer(ast.NodeVisitor):
    """The same in the syntax tree, to compare with."""

    FIELDS = ("id", "attr", "arg", "name", "asname")

    def __init__(self, table):
        self.table = table

    def visit(self, node):
        for child in ast.walk(node):
            for field in self.FIELDS:
                value = getattr(child, field, None)
                if isinstance(value, str):
                    setattr(child, field, self.table.get(value, value))
            if isinstance(child, (ast.Global, ast.Nonlocal)):
                child.names = [self.table.get(name, name) for name in child.names]
        return node
