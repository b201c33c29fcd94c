# fc: list, edit and repeat commands of the history (POSIX 1003.1 fc). `fc -s` is what `r` is in other shells.

import os

from micropython import const

from base.errors import Failure, Usage
from shell import history

_LISTED = const(16)  # entries that `fc -l` shows
_FILE = "/tmp/fc."


def b_fc(shell, args):
    given, words = options(args)
    session = shell.process.session
    editor = getattr(session.leader, "editor", None) if session else None
    if editor is None:
        raise Failure("", "history is not enabled")
    entries = history.load(editor)
    if entries and entries[-1].split(None, 1)[0] == "fc":  # this command itself is none of them
        entries.pop()
    if "s" in given:
        return repeat(shell, editor, entries, words)
    first = -_LISTED if "l" in given else -1
    first, last = chosen(entries, words, first)
    if "l" in given:
        order = range(first, last + 1) if first <= last else range(first, last - 1, -1)
        for i in reversed(order) if "r" in given else order:
            number = "" if "n" in given else str(i + 1)
            shell.write(f"{number}\t {entries[i].replace(chr(10), chr(10) + chr(9) + ' ')}\n")
        return 0
    some = entries[first : last + 1] if first <= last else list(reversed(entries[last : first + 1]))
    if "r" in given:
        some.reverse()
    return edit(shell, editor, some, given.get("e") or shell.lookup("FCEDIT") or shell.lookup("EDITOR") or "vi")


def options(args):
    given = {}
    i = 0
    while i < len(args) and args[i][:1] == "-" and len(args[i]) > 1 and not args[i][1:].isdigit():
        arg = args[i]
        i += 1
        if arg == "--":
            break
        if arg == "-e":
            if i >= len(args):
                raise Usage("option requires an argument", "-e")
            given["e"] = args[i]
            if args[i] == "-":
                given["s"] = True
            i += 1
            continue
        for letter in arg[1:]:
            if letter not in "lnrs":
                raise Usage("invalid option", "-" + letter)
            given[letter] = True
    return given, list(args[i:])


def index(entries, word):
    """The index of the entry that word names: its number, -N from the end, or its beginning."""
    if word.lstrip("-").isdigit():
        i = int(word)
        i = len(entries) + i if i < 0 or word[0] == "-" else i - 1
        return min(max(i, 0), len(entries) - 1)
    for i in range(len(entries) - 1, -1, -1):
        if entries[i].startswith(word):
            return i
    raise Failure("", "no command found")


def chosen(entries, words, first):
    """(first, last): the indexes of the entries that are meant."""
    if not entries:
        raise Failure("", "no command found")
    if len(words) > 2:
        raise Usage("extra operand", words[2])
    begin = index(entries, words[0] if words else str(first))
    if len(words) > 1:
        return begin, index(entries, words[1])
    return begin, len(entries) - 1 if first != -1 else begin


def repeat(shell, editor, entries, words):
    """fc -s [OLD=NEW] [COMMAND]: run an entry again, changed; a generator."""
    old = new = ""
    if words and "=" in words[0]:
        old, _, new = words[0].partition("=")
        words = words[1:]
    first, _ = chosen(entries, words, -1)
    text = entries[first]
    return run(shell, editor, text.replace(old, new) if old else text)


def edit(shell, editor, some, program):
    """Let the user edit entries, then run what has become of them; a generator."""
    path = _FILE + str(shell.process.pid)
    try:
        with open(path, "w") as file:
            file.write("".join([entry + "\n" for entry in some]))
        status = yield from shell.run_text(f"{program} {path}")
        if status:
            return status
        with open(path) as file:
            text = file.read()
    finally:
        try:
            os.remove(path)
        except OSError:
            pass
    return (yield run(shell, editor, text.rstrip("\n")))


def run(shell, editor, text):
    """Show the commands, keep them in place of fc, and run them; a generator."""
    shell.process.stderr.write(text + "\n")
    if editor.fresh:
        editor.fresh.pop()
    editor.remember(text)
    return (yield from shell.run_text(text))
