# Text that the terminal marks as pasted (bracketed paste): it goes into the line, newlines and all, and nothing of it
# is a command until somebody presses Enter.

_END = "\x1b[201~"


def press(editor, key):
    """Take pasted text up to its end; a generator. Ctrl-C gives up."""
    text = ""
    fits = True  # else no more of it is taken: a text with holes is worse than the beginning of one
    while True:
        text += editor.typed
        editor.typed = ""
        end = text.find(_END)
        stop = text.find("\x03")
        if end >= 0 and not 0 <= stop < end:
            editor.typed = text[end + len(_END) :]
            if fits:
                insert(editor, text[:end])
            return
        if stop >= 0:
            editor.typed = text[stop:]
            return
        if len(text) > 1024:  # in pieces, so that a long text is not in memory twice
            rest = text.rfind("\x1b", len(text) - len(_END))
            rest = rest if rest >= 0 else len(text)
            fits = fits and insert(editor, text[:rest])
            text = text[rest:]
        if not (yield from editor.fill()):
            return


def insert(editor, text):
    """Put pasted text at the cursor; what would make the line too long is left out. True where all of it is there."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    size = len(editor.text)
    whole = True
    while text:
        editor.replace(editor.at, editor.at, text)
        if len(editor.text) > size:
            break
        text = text[: len(text) // 2]
        whole = False
    return whole
