# Keys that come as several bytes (process.keys): escape sequences, and characters that were cut off or are none.
# Loaded with the first of them: 0.9 kB.

_NAMES = {"A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end", "1~": "home", "7~": "home"}
_NAMES.update({"4~": "end", "8~": "end", "2~": "insert", "3~": "delete", "5~": "pgup", "6~": "pgdn", "200~": "paste"})

_LENGTH_MAX = 18  # characters in a sequence


def read(keys):
    """The key that the sequence behind an ESC stands for; "" where it is none, None at the end. A generator.

    It stays in keys.typed until it is whole, so that nothing of it is lost where memory is short.
    """
    start = 0  # where the ESC stands
    at = 1
    while True:
        while at >= len(keys.typed):
            if not (yield from keys.fill()):
                return None
        c = keys.typed[at]
        at += 1
        if c == "\x1b":
            start = at - 1
        elif at - start == 2 and c not in "[O":
            keys.typed = keys.typed[at:]
            return "M-" + c
        elif at - start > _LENGTH_MAX:
            keys.typed = keys.typed[at:]
            return "unknown"
        elif at - start > 2 and "@" <= c <= "~" and c != "[":
            break
    text = keys.typed[start + 1 : at]
    keys.typed = keys.typed[at:]
    if c == "R":  # the answer to the question where the cursor is, which was sent to the last cell
        rows, _, columns = text[1:-1].partition(";")
        if rows.isdigit() and columns.isdigit():
            keys.terminal.resize(int(columns), int(rows))
        return getattr(keys, "told", "")  # a key for who has asked
    if c == "t":
        return resized(keys.terminal, text[1:-1].split(";"))
    number, _, modifier = text[1:-1].partition(";")
    name = _NAMES.get(number + c if c == "~" else c, "unknown")
    return "C-" + name if modifier[:1] in ("3", "5") else name


def resized(terminal, numbers):
    """The key for a report of the size, `8;ROWS;COLUMNS`; one that came in pieces is news for the terminal."""
    if len(numbers) == 3 and numbers[1].isdigit() and numbers[2].isdigit():
        rows, columns = int(numbers[1]), int(numbers[2])
        if rows and columns and (columns != terminal.columns or rows != terminal.rows):
            terminal.resize(columns, rows)
            return ""  # resize() has sent the report again
    return "resize"


def mend(keys, data):
    """The text of bytes that are not whole characters; the beginning of the last one stays in keys.tail."""
    tail = len(data) - 1
    while tail and data[tail] & 0xC0 == 0x80:
        tail -= 1
    if data[tail] >= 0xC0 and len(data) - tail <= 3:  # it may only be cut off
        keys.tail = data[tail:]
        data = data[:tail]
        try:
            return data.decode()
        except UnicodeError:
            pass
    return "".join([chr(c) for c in data if c < 128])
