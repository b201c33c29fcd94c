# Text that the terminal marks as pasted (bracketed paste): it goes into the line, newlines and all, and nothing of it
# is a command until somebody presses Enter. What has come stays in editor.pasted until it is in the line.

from process.terminal import PASTE_END


def press(editor, key):
    """Take pasted text up to its end; a generator. A Ctrl-C that somebody types behind it gives up."""
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
