# Keys of the line editor for words, kill and yank, transpose, case, undo, the screen and pasted text.

from micropython import const

from process.terminal import PASTE_END

_REPEATS_MAX = const(1000)  # of a key, by Alt and digits
_KILLS = ("\x0b", "\x15", "\x17", "M-d", "C-delete", "M-\x7f", "M-\b")


def press(editor, key):
    """Do what a key says; one that means nothing is ignored. Returns None or a generator."""
    if key[:2] == "M-" and key[2:].isdigit():
        return repeat(editor, key[2:])
    action = _ACTIONS.get(key)
    if action:
        return action(editor)


def repeat(editor, digits):
    """Alt with digits: the next key so many times. A generator."""
    while True:
        key = yield from editor.key()
        if key is None:
            return
        digit = key[2:] if key[:2] == "M-" else key
        if not digit.isdigit():
            break
        digits += digit
    count = 1 if key in "\r\n\x03" else min(int(digits[:4]), _REPEATS_MAX)
    editor.typed = unkey(key) * count + editor.typed


def comment(editor):
    """M-# : enter the line as a comment, for the history."""
    editor.replace(0, 0, "#")
    editor.typed = "\r" + editor.typed


def left_word(editor):
    """Where the word before the cursor begins."""
    text = editor.text
    at = editor.at
    while at and not in_word(text[at - 1]):
        at -= 1
    while at and in_word(text[at - 1]):
        at -= 1
    return at


def right_word(editor, at=None):
    """Where the word behind the cursor (or at) ends."""
    text = editor.text
    if at is None:
        at = editor.at
    n = len(text)
    while at < n and not in_word(text[at]):
        at += 1
    while at < n and in_word(text[at]):
        at += 1
    return at


def in_word(c):
    return c.isalpha() or c.isdigit() or c == "_" or ord(c) > 127


def left_blank(editor):
    """Where the word before the cursor begins, words being separated by blanks."""
    text = editor.text
    at = editor.at
    while at and text[at - 1] in " \t\n":
        at -= 1
    while at and text[at - 1] not in " \t\n":
        at -= 1
    return at


def kill(editor, start, end):
    """Cut text for Ctrl-Y; what one key after another cuts comes back as one piece."""
    if start == end:
        return
    old = editor.text[start:end]
    if editor.last not in _KILLS:
        editor.killed = old
    elif end == editor.at and start < end:
        editor.killed = old + editor.killed
    else:
        editor.killed += old
    editor.replace(start, end)


def transpose(editor):
    """Ctrl-T: exchange the characters around the cursor; at the end the last two."""
    text = editor.text
    at = min(editor.at, len(text) - 1)
    if at > 0:
        editor.replace(at - 1, at + 1, text[at] + text[at - 1])


def transpose_words(editor):
    """M-t: exchange the word before the cursor with the one behind it; at the end the last two."""
    text = editor.text
    end = right_word(editor)
    editor.at = end
    start = left_word(editor)
    if end == start or not in_word(text[end - 1]):
        end = right_word(editor, start)
    editor.at = start
    first = left_word(editor)
    behind = right_word(editor, first)
    if behind > start or first == start:
        editor.move(end)
        return
    editor.replace(first, end, text[start:end] + text[behind:start] + text[first:behind])


def change_case(change):
    def action(editor):
        end = right_word(editor)
        word = editor.text[editor.at : end]
        if word:
            editor.replace(editor.at, end, change(word))

    return action


def capital(word):
    for i in range(len(word)):
        if in_word(word[i]):
            return word[:i] + word[i].upper() + word[i + 1 :].lower()
    return word


def undo(editor):
    """Take the last change back."""
    changes = editor.changes
    if not changes:
        editor.terminal.write("\x07")
        return
    start, old, length = changes.pop()
    editor.changes = []  # this is no change that could be undone in turn
    editor.replace(start, start + length, old)
    editor.changes = changes


def clear(editor):
    """Ctrl-L: an empty screen with the line at its top."""
    editor.terminal.write("\x1b[H\x1b[2J")
    editor.ask_size()
    editor.show()


def give_up(editor):
    """Ctrl-G: an empty line."""
    editor.terminal.write("\x07")
    editor.replace(0, len(editor.text))


def literally(editor):
    """Ctrl-V: the next key as it is."""
    key = yield from editor.key()
    if not key:
        return
    if len(key) == 1:
        editor.replace(editor.at, editor.at, key)
    else:
        waiting = editor.edit(key, key)
        if waiting:
            yield from waiting


def last_word(editor):
    """M-. : the last word of the entry before; again: of the one before that."""
    found = editor.module("shell.history").recall(editor)
    if editor.last != "M-.":
        found.back = 0
    else:
        editor.replace(editor.at - found.word, editor.at)
    found.back = min(found.back + 1, len(found.entries))
    words = found.entries[-found.back].split() if found.entries else ()
    word = words[-1] if words else ""
    found.word = len(word)
    editor.replace(editor.at, editor.at, word)


def oldest(editor):
    """M-< : the first entry of the history."""
    history = editor.module("shell.history")
    history.show(editor, 0)


def newest(editor):
    """M-> : what had been typed."""
    history = editor.module("shell.history")
    history.show(editor, len(history.recall(editor).entries))


def suspend(editor):
    """Ctrl-Z at the prompt of a program: back to the shell until `fg`. A generator."""
    if not editor.terminal.session.foreground:  # this is the shell
        return
    from process.suspend import suspend  # late: only for Ctrl-Z

    at = editor.at
    editor.move(len(editor.text))
    yield from suspend(editor.terminal, "^Z\x1b[?2004l\n", "\x1b[?2004h")
    editor.terminal.editor = editor
    editor.at = at
    editor.show(editor.head)


def search(editor):
    """Ctrl-R: search the history. A generator."""
    return editor.module("shell.search").search(editor)


def unkey(key):
    """What is typed for a key."""
    if len(key) == 1:
        return key
    if key[:2] == "M-":
        return "\x1b" + key[2:]
    return _SEQUENCES.get(key, "")


_SEQUENCES = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "delete": "\x1b[3~",
    "C-left": "\x1b[1;5D",
    "C-right": "\x1b[1;5C",
    "paste": "\x1b[200~",
}


# --- pasted text


def paste(editor):
    """Take text that the terminal marks as pasted up to its end; a generator. A Ctrl-C that somebody types gives up.

    It goes into the line, newlines and all, and nothing of it is a command until somebody presses Enter. What has come stays
    in editor.pasted until it is in the line.
    """
    editor.pasting = True
    while True:
        editor.pasted += editor.typed
        editor.typed = ""
        text = editor.pasted
        end = text.find(PASTE_END)
        if end >= 0:
            insert(editor, text[:end])
            editor.typed = text[end + len(PASTE_END) :]
            break
        if text[-1:] == "\x03":
            editor.typed = "\x03"
            break
        if len(text) > 1024:  # in pieces, so that a long text is not in memory twice
            rest = text.rfind("\x1b", len(text) - len(PASTE_END))
            rest = rest if rest >= 0 else len(text)
            insert(editor, text[:rest])
            editor.pasted = text[rest:]
        if not (yield from editor.fill()):
            break
    editor.pasting = False
    editor.pasted = ""


def insert(editor, text):
    """Put pasted text at the cursor."""
    editor.replace(editor.at, editor.at, text.replace("\r\n", "\n").replace("\r", "\n"))


_ACTIONS = {
    "M-b": lambda e: e.move(left_word(e)),
    "C-left": lambda e: e.move(left_word(e)),
    "M-f": lambda e: e.move(right_word(e)),
    "C-right": lambda e: e.move(right_word(e)),
    "\x0b": lambda e: kill(e, e.at, len(e.text)),
    "\x15": lambda e: kill(e, 0, e.at),
    "\x17": lambda e: kill(e, left_blank(e), e.at),
    "M-d": lambda e: kill(e, e.at, right_word(e)),
    "C-delete": lambda e: kill(e, e.at, right_word(e)),
    "M-\x7f": lambda e: kill(e, left_word(e), e.at),
    "M-\b": lambda e: kill(e, left_word(e), e.at),
    "\x19": lambda e: e.replace(e.at, e.at, e.killed),
    "\x14": transpose,
    "M-t": transpose_words,
    "M-u": change_case(lambda word: word.upper()),
    "M-l": change_case(lambda word: word.lower()),
    "M-c": change_case(capital),
    "\x1f": undo,
    "\x0c": clear,
    "\x07": give_up,
    "\x1a": suspend,
    "M-\r": lambda e: e.replace(e.at, e.at, "\n"),
    "\x16": literally,
    "M-.": last_word,
    "M-_": last_word,
    "M-#": comment,
    "M-<": oldest,
    "M->": newest,
    "\x12": search,
    "paste": paste,
}
