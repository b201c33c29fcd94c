"""Every program has a head comment, its manual, which names the options that the program takes."""

import ast
import re

import pytest
from harness import ROOT

PROGRAMS = sorted([*(ROOT / "bin").glob("*.py"), *(ROOT / "opt").glob("*/bin/*.py")], key=lambda path: path.stem)

# Their options are not letters, or they parse some of them before options() sees the rest.
OWN_OPTIONS = ("flock", "unzip", "find", "kill", "killall")

INTERNAL = {
    "grep": {"colorless"},
    "date": {"slashes"},
}  # names that nobody types: what --color=never and a lone -d become

every_program = pytest.mark.parametrize("path", PROGRAMS, ids=[path.stem for path in PROGRAMS])


def head_of(path):
    """The lines of the head comment, without "# "."""
    lines = []
    for line in path.read_text().splitlines():
        if not line.startswith("#"):
            break
        lines.append(line[2:])
    return lines


def letters_in(lines):
    """The option letters in lines, as in -n and [-ain], but not the placeholder in -COUNT."""
    words = re.findall(r"(?<![\w-])-([A-Za-z0-9]+)", " ".join(lines))
    return {letter for word in words for letter in word if not (word.isupper() and len(word) > 2)}


def usage_of(lines):
    """The usage line and its indented continuation lines."""
    usage = []
    for line in lines[1:]:
        if line.startswith("usage:") or (usage and line.startswith("       ")):
            usage.append(line)
        elif usage:
            break
    return usage


def taken_by(path):
    """(letters, long names of options without a letter) of the calls of options(); None if there is no call."""
    tree = ast.parse(path.read_text())
    tables = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Constant, ast.Tuple))
    }
    letters, names, calls = set(), set(), 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "options":
            calls += 1
            values = [tables[a.id] if isinstance(a, ast.Name) else ast.literal_eval(a) for a in node.args[1:3]]
            letters |= {letter for letter in values[0] if letter.isalnum()}
            long = (values + [()])[1]
            long = long.split() if isinstance(long, str) else long
            names |= {name.rstrip(":") for name in long if isinstance(name, str) and "=" not in name}
    return (letters, names) if calls else None


@every_program
def test_the_head_begins_with_name_purpose_and_usage(path):
    first, second = head_of(path)[:2]
    name, dash, purpose = first.partition(" - ")
    assert (name, dash) == (path.stem, " - ")
    assert purpose and not purpose.endswith(".")
    assert second.split()[:2] == ["usage:", path.stem]


@every_program
def test_the_head_names_each_option_that_the_program_takes(path):
    letters, names = taken_by(path) or (set(), set())
    head = head_of(path)
    assert letters - letters_in(head) == set()
    names -= INTERNAL.get(path.stem, set())
    assert {name for name in names if f"--{name}" not in " ".join(head)} == set()


PARSED = [path for path in PROGRAMS if taken_by(path) and path.stem not in OWN_OPTIONS]


@pytest.mark.parametrize("path", PARSED, ids=[path.stem for path in PARSED])
def test_the_program_takes_each_option_of_its_usage_lines(path):
    assert letters_in(usage_of(head_of(path))) - taken_by(path)[0] == set()


def test_help_prints_the_head_of_every_program(sim):
    names = [path.stem for path in PROGRAMS]
    result = sim("".join(f"help {name}; echo '<<<>>>'\n" for name in names), timeout=200, packages="all")
    assert result.stderr == ""
    for path, text in zip(PROGRAMS, result.stdout.split("<<<>>>\n"), strict=False):
        assert text.split() == " ".join(head_of(path)).split(), path.stem


def test_help_lists_every_program_with_its_purpose(sim):
    lines = [line.split(None, 1) for line in sim("help", packages="all").stdout.splitlines() if line.strip()]
    listed = {words[0]: words[1] for words in lines if len(words) == 2}
    names = [words[0] for words in lines]
    assert names == sorted(set(names))
    builtins = re.findall(r"^(\S+) - ", (ROOT / "lib/shell/builtins.txt").read_text(), re.MULTILINE)
    for path in PROGRAMS:
        if path.stem in builtins:
            continue  # the shell's own comes first
        assert listed.get(path.stem) == head_of(path)[0].partition(" - ")[2], path.stem
