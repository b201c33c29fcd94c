# Keys that come as several bytes (process.keys): escape sequences, and characters that were cut off or are none.
# Loaded with the first of them.

_NAMES = {"A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end", "1~": "home", "7~": "home"}
_NAMES.update({"4~": "end", "8~": "end", "2~": "insert", "3~": "delete", "5~": "pgup", "6~": "pgdn", "200~": "paste"})

_LENGTH_MAX = 16  # characters in a sequence


def read(keys):
    """The key that the sequence behind an ESC stands for; "" where it is none, None at the end. A generator."""
    text = ""
    while True:
        if not keys.typed and not (yield from keys.fill()):
            return None
        c = keys.typed[0]
        keys.typed = keys.typed[1:]
        if c == "\x1b":
            text = ""
        elif not text and c not in "[O":
            return "M-" + c
        elif len(text) > _LENGTH_MAX:
            return "unknown"
        else:
            text += c
            if len(text) > 1 and "@" <= c <= "~" and c != "[":
                break
    if c == "R":  # the answer to the question where the cursor is, which was sent to the last cell
        rows, _, columns = text[1:-1].partition(";")
        if rows.isdigit() and columns.isdigit():
            keys.terminal.resize(int(columns), int(rows))
        return getattr(keys, "told", "")  # a key for who has asked
    if c == "t":
        return "resize"
    number, _, modifier = text[1:-1].partition(";")
    name = _NAMES.get(number + c if c == "~" else c, "unknown")
    return "C-" + name if modifier[:1] in ("3", "5") else name


def mend(keys, data):
    """The text of bytes that are not whole characters: waits for the rest of the last one. A generator."""
    while True:
        try:
            return data.decode()
        except UnicodeError:
            tail = len(data) - 1
            while tail and data[tail] & 0xC0 == 0x80:
                tail -= 1
            if data[tail] < 0xC0 or len(data) - tail > 3:  # not only cut off in the middle of a character
                text = "".join([chr(c) for c in data if c < 128])
                if text:
                    return text
                data = b""
            more = yield from keys.terminal.read()
            if not more:
                return ""
            data = data + more
