# The history: entries of the line editor that survive a restart, in a file of bounded size.
#
# An entry is one line, or several where a command had several: all but the first then begin with a TAB in the file,
# which is why an entry that begins with a blank is never kept. The entries of a session stay in its editor until there
# are enough to write, or until it ends; the file is then read, merged and replaced at one stroke, so that sessions do
# not lose each other's entries and the flash is written once for many commands. No entry stands in it twice.

import os

from micropython import const

from base.errors import Failure, Usage, reason

_ENTRIES_MAX = const(50)
_BYTES_MAX = const(4096)  # in the file
_ENTRY_MAX = const(1024)


def locate(editor):
    """Find out where the history is kept: for a shell $HISTFILE, or ~/.history; nowhere where that is empty."""
    if editor.owner and hasattr(editor.owner, "lookup"):
        shell = editor.owner
        name = shell.lookup("HISTFILE")
        if name is None:
            name = str(shell.lookup("HOME") or "/var") + "/.history"
        editor.file = str(name)


def load(editor):
    """All entries, the last one last: those of the file, then the editor's own."""
    entries = []
    locate(editor)
    if editor.file:
        try:
            size = os.stat(editor.file)[6]
            with open(editor.file, "rb") as file:
                if size > 2 * _BYTES_MAX:
                    file.seek(size - 2 * _BYTES_MAX)
                    file.readline()
                read(file, entries)
        except OSError as e:
            if e.errno != 2:
                complain(editor, e)
    for entry in editor.fresh:
        if entry in entries:
            entries.remove(entry)
        entries.append(entry)
    bound(entries)
    return entries


def read(file, entries):
    """Add the entries of an open file, except invalid UTF-8."""
    entry = ""
    while True:
        line = file.readline()
        try:
            text = line.decode().rstrip("\r\n")
        except UnicodeError:
            text = "\0"
        for c in text:
            if c < " " and c != "\t":
                text = ""
                break
        if text[:1] == "\t" and entry:
            if len(entry) + len(text) <= _ENTRY_MAX:
                entry += "\n" + text[1:]
            continue
        if entry:
            if entry in entries:
                entries.remove(entry)
            entries.append(entry)
        if not line:
            return
        entry = text if text[:1] > " " else ""


def bound(entries):
    """Drop the oldest entries until the rest is within the limits."""
    size = 0
    for i in range(len(entries) - 1, -1, -1):
        size += len(entries[i].encode()) + entries[i].count("\n") + 1
        if size > _BYTES_MAX or len(entries) - i > _ENTRIES_MAX:
            del entries[: i + 1]
            return


def save(editor):
    """Write the editor's own entries to the file. Where that fails they stay in memory, within the limits."""
    locate(editor)
    if not editor.file:
        bound(editor.fresh)
        return
    if editor.fresh:
        write(editor, load(editor))


def write(editor, entries):
    """Make these the entries."""
    from base.files import replace  # late: only to save

    try:
        replace(editor.file, "".join([entry.replace("\n", "\n\t") + "\n" for entry in entries]))
        editor.fresh = []
    except OSError as e:
        complain(editor, e)
        editor.fresh = entries


def complain(editor, error):
    """One line, once in a session."""
    if not editor.complained:
        editor.complained = True
        editor.terminal.write(f"\r\x1b[Jhistory: {editor.file}: {reason(error)}\n")


class Recall:
    """Where in the entries the editor is."""

    back = 0  # for M-. : how far back, and the length of what it has put there
    word = 0

    def __init__(self, editor):
        self.entries = load(editor)
        self.place = len(self.entries)
        self.draft = ""


def recall(editor):
    """The Recall of the line that is being edited."""
    if editor.recall is None:
        known = editor.complained
        editor.recall = Recall(editor)
        if editor.complained and not known:
            editor.show()  # below the message
    return editor.recall


def press(editor, key):
    """Up and down: the previous or next entry; below the last one, the line that was being typed."""
    place = recall(editor).place + (-1 if key == "up" else 1)
    if 0 <= place <= len(editor.recall.entries):
        show(editor, place)
    else:
        editor.terminal.write("\x07")


def show(editor, place):
    """Put the entry at place into the line."""
    found = recall(editor)
    entries = found.entries
    if found.place == len(entries):
        found.draft = editor.text
    else:
        entries[found.place] = editor.text  # what has been changed there stays until the line is entered
    found.place = place
    editor.replace(0, len(editor.text), found.draft if place == len(entries) else entries[place])
    editor.changes = []  # undo is for what is typed


def b_history(shell, args):
    """The built-in history."""
    session = shell.process.session
    editor = getattr(session.leader, "editor", None) if session else None  # a subshell shows that of its session
    if editor is None:
        raise Failure("", "history is not enabled")
    entries = load(editor)
    if not args or args[0].isdigit():
        first = max(0, len(entries) - int(args[0])) if args else 0
        for i in range(first, len(entries)):
            shell.write(f"{i + 1:4}  {entries[i].replace(chr(10), chr(10) + '      ')}\n")
        return 0
    if args == ["-c"]:
        entries = []
    elif len(args) == 2 and args[0] == "-d":
        if not args[1].isdigit() or not 0 < int(args[1]) <= len(entries):
            raise Failure(args[1], "history position out of range")
        del entries[int(args[1]) - 1]
    elif args != ["-w"]:
        raise Usage("invalid option", args[0])
    editor.complained = False
    if editor.file:
        write(editor, entries)
        return 1 if editor.complained else 0
    editor.fresh = entries
    return 0
