# Prompts of the editors in the message line.

from micropython import const

_HISTORY = const(10)  # answers kept


def line(ed, prompt, text=""):
    """Ask for a line of text. Return None if the user cancels. A generator."""
    ed.prompt, ed.answer, ed.at = prompt, text, len(text)
    ed.message = ""
    past = len(ed.history)
    while True:
        key = yield
        text, at = ed.answer, ed.at
        if key in ("\r", "\n"):
            break
        if key in ("\x1b", "\x03") or key in ("\x7f", "\b") and not text and not ed.meta:
            text = None
            break
        if key in ("\x7f", "\b"):
            text, at = text[: max(at - 1, 0)] + text[at:], max(at - 1, 0)
        elif key == "delete":
            text = text[:at] + text[at + 1 :]
        elif key == "\x15":
            text, at = text[at:], 0
        elif key == "\x17":
            cut = text[:at].rstrip().rfind(" ") + 1
            text, at = text[:cut] + text[at:], cut
        elif key in ("left", "right", "home", "end", "\x01", "\x05"):
            at = {"left": max(at - 1, 0), "right": min(at + 1, len(text))}.get(
                key, 0 if key in ("home", "\x01") else len(text)
            )
        elif key in ("up", "down"):
            past = min(max(past + (1 if key == "down" else -1), 0), len(ed.history))
            text = ed.history[past] if past < len(ed.history) else ""
            at = len(text)
        elif len(key) == 1 and key >= " ":
            text, at = text[:at] + key + text[at:], at + 1
        ed.answer, ed.at = text, at
    ed.prompt = None
    if text and text not in ed.history:
        ed.history = ed.history[1 - _HISTORY :] + [text]
    return text


def letter(ed, prompt, letters):
    """Ask for one of some letters. Return "" if the user cancels. A generator."""
    ed.prompt, ed.answer, ed.at = prompt + " ", "", 0
    while True:
        key = yield
        key = key.lower()
        if key == "\x1b" or key == "\x03" or len(key) == 1 and key in letters:
            ed.prompt = None
            ed.message = ""
            return key if key in letters else ""
