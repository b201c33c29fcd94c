# Ctrl-R: search the history for the text that is typed, from the newest entry back.

import asyncio

from micropython import const

from shell.edit_keys import unkey

_ESC_MS = const(50)  # behind an Esc that nothing follows


def search(editor):
    """Search until a key ends it, which is then done as usual; a generator.

    Ctrl-R again looks further back, Ctrl-S further on; Ctrl-G gives up; Enter runs what was found, and any
    other key edits it. Esc only ends the search.
    """
    entries = editor.module("shell.history").recall(editor).entries
    before = editor.text, editor.at
    prompt = editor.head, editor.prompt, editor.start
    wanted = ""
    place = len(entries)  # where what is shown was found
    text = editor.text
    failed = False
    try:
        while True:
            draw(editor, wanted, text, failed)
            if (yield from is_escape(editor)):
                return
            key = yield from editor.key()
            step = 0
            if key is None:
                return
            if key == "\x07" or key == "\x03":
                editor.text, editor.at = before
                text = None
                editor.typed = key.replace("\x07", "") + editor.typed
                return
            if key == "\x12" or key == "\x13":
                step = -1 if key == "\x12" else 1
            elif key == "\x7f" or key == "\b":
                wanted = wanted[:-1]
                place = len(entries)
                step = -1 if wanted else 0
                failed = False
            elif len(key) == 1 and key >= " ":
                wanted += key
                place = min(place + 1, len(entries))
                step = -1
            elif key == "resize":
                editor.columns = editor.terminal.columns
                continue
            else:
                editor.typed = unkey(key) + editor.typed
                return
            if step and wanted:
                found = place + step
                while 0 <= found < len(entries) and wanted not in entries[found]:
                    found += step
                failed = not 0 <= found < len(entries)
                if failed:
                    editor.terminal.write("\x07")
                else:
                    place = found
                    text = entries[found]
    finally:
        editor.head, editor.prompt, editor.start = prompt
        leave_search(editor, wanted, text)


def leave_search(editor, wanted, text):
    """Show the line again, with the text that was found, if any."""
    editor.terminal.write(editor.go(0) + "\x1b[J")
    if text is not None:
        editor.text = text
        at = text.find(wanted)
        editor.at = at if wanted and at >= 0 else len(text)
    editor.plain = True
    for c in editor.text:
        if not " " <= c <= "~":
            editor.plain = False
    editor.changes = []
    editor.show()


def is_escape(editor):
    """Take an Esc that was typed alone; True where there was one. A generator."""
    if not editor.typed and not (yield from editor.fill()):
        return False
    if editor.typed != "\x1b":
        return False
    yield from asyncio.sleep_ms(_ESC_MS)
    if editor.terminal.input:
        return False
    editor.typed = ""
    return True


def draw(editor, wanted, text, failed):
    """Show what is searched for in the place of the prompt, and what was found."""
    editor.terminal.write(editor.go(0) + "\x1b[J")
    title = "failed search" if failed else "search"
    editor.module("shell.view").measure(editor, f"({title})`{wanted}': ")
    editor.text = text
    at = text.find(wanted)
    editor.at = max(at, 0)
    editor.plain = False
    editor.show()
