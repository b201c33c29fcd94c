# Text that the terminal marks as pasted (bracketed paste): it goes into the line, newlines and all, and nothing of it
# is a command until somebody presses Enter.

_END = "\x1b[201~"


def press(editor, key):
    """Take pasted text up to its end; a generator. Ctrl-C gives up."""
    text = ""
    while True:
        text += editor.typed
        editor.typed = ""
        end = text.find(_END)
        stop = text.find("\x03")
        if end >= 0 and not 0 <= stop < end:
            editor.typed = text[end + len(_END) :]
            insert(editor, text[:end])
            return
        if stop >= 0:
            editor.typed = text[stop:]
            return
        if len(text) > 1024:  # in pieces, so that a long text is not in memory twice
            rest = text.rfind("\x1b", len(text) - len(_END))
            rest = rest if rest >= 0 else len(text)
            insert(editor, text[:rest])
            text = text[rest:]
        if not (yield from editor.fill()):
            return


def insert(editor, text):
    """Put pasted text at the cursor; what would make the line too long is left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text:
        return
    size = len(editor.text)
    while text:
        editor.replace(editor.at, editor.at, text)
        if len(editor.text) > size:
            return
        text = text[: len(text) // 2]
