# Brace expansion: a{b,c}d {1..5} {a..z..2}, nested, on a word in which a backslash quotes the next character.
#
# Backslashes stay where they are, for the expansions that follow. Works on UTF-8; nested braces wait on a stack.

from micropython import const

from base.errors import Failure

_WORD_MAX = const(4096)  # bytes in a word that has braces
_HELD = const(0xF0000)  # characters for what is held: nobody types them
_FIRST = chr(0xF0000)
_RESULTS_MAX = const(2048)  # words from one word
_SIZE_MAX = const(65536)  # bytes in all of them, and in what waits to become some
_WORK_MAX = const(262144)  # bytes that are searched for braces, all in all


def words(word):
    """The words of a parsed word. What is no plain text is for braces one character that stands for itself."""
    text = word
    held = []
    if isinstance(word, str):
        if max(word) >= _FIRST:
            return [word]
    else:
        pieces = []
        for part in word:
            if isinstance(part, str):
                if max(part) >= _FIRST:
                    return [word]
                pieces.append(part)
            else:
                pieces.append(chr(_HELD + len(held)))
                held.append(part)
        text = "".join(pieces)
    found = expand(text)
    if len(found) == 1 and found[0] == text:
        return [word]
    return [_parsed(text, held) for text in found]


def _parsed(text, held):
    """The word that text is, with what was held in its places."""
    parts = []
    start = i = 0
    plain = True
    while i < len(text):
        c = text[i]
        if c == "\\" or c >= _FIRST:
            if i > start:
                parts.append(text[start:i])
            if c == "\\":
                i += 1
                parts.append(("quoted", text[i]))
            else:
                parts.append(held[ord(c) - _HELD])
            start = i + 1
        elif c in "*?[~":
            plain = False
        i += 1
    if not parts and plain:
        return text if text else [("quoted", "")]
    if i > start:
        parts.append(text[start:])
    return parts


def expand(word):
    """The words that word stands for: itself alone where no brace in it can be expanded."""
    if "{" not in word or ("," not in word and ".." not in word):
        return [word]
    data = word.encode()
    if len(data) > _WORD_MAX:
        raise Failure("", "brace expansion: word too long")
    out = []
    size = held = 0  # bytes in out, and in what waits
    waiting = []  # [text before, alternatives, index of the next one, text behind]
    head = b""
    work = 0
    while True:
        found = None
        if b"{" in data:
            work += len(data)
            if work > _WORK_MAX:
                raise _too_many()
            found = _first(data)
        if found:
            start, end, choices = found
            head += data[:start]
            tail = data[end:]
            data = choices[0] + tail
            if len(choices) > 1:
                waiting.append([head, choices, 1, tail])
                held += len(head) + len(tail)
                if held > _SIZE_MAX:
                    raise _too_many()
            continue
        data = head + data
        size += len(data)
        if len(out) == _RESULTS_MAX or size > _SIZE_MAX:
            raise _too_many()
        out.append(str(data, "utf-8"))
        while waiting and waiting[-1][2] >= len(waiting[-1][1]):
            frame = waiting.pop()
            held -= len(frame[0]) + len(frame[3])
        if not waiting:
            return out
        frame = waiting[-1]
        head = frame[0]
        data = frame[1][frame[2]] + frame[3]
        frame[2] += 1


def _too_many():
    return Failure("", "brace expansion: too many words")


def _first(data):
    """(start, index behind, alternatives) of the first brace that can be expanded, or None."""
    opened = []  # [index of {, indices of its commas ...]; an index below zero: ${, which is left alone
    best = None
    i = 0
    n = len(data)
    while i < n:
        c = data[i]
        if c == 92:
            i += 2
            continue
        if c == 123:
            opened.append([-1 if i and data[i - 1] == 36 else i])
        elif c == 44 and opened:
            opened[-1].append(i)
        elif c == 125 and opened:
            marks = opened.pop()
            start = marks[0]
            if start >= 0 and (best is None or start < best[0]) and _outside(opened):
                if len(marks) > 1 or data.find(b"..", start, i) > 0:
                    if len(marks) > 1:
                        best = (start, i + 1, marks)
                    else:
                        choices = _sequence(data[start + 1 : i])
                        if choices:
                            best = (start, i + 1, choices)
            if best and not opened:
                break
        i += 1
    if best and isinstance(best[2][0], int):
        start, end, marks = best
        marks.append(end - 1)
        best = (start, end, [data[marks[k] + 1 : marks[k + 1]] for k in range(len(marks) - 1)])
    return best


def _outside(opened):
    """True where no ${ is open."""
    for marks in opened:
        if marks[0] < 0:
            return False
    return True


def _sequence(body):
    """The words of first..last or first..last..step, or None."""
    parts = body.split(b"..")
    if not 2 <= len(parts) <= 3:
        return None
    step = _number(parts[2]) if len(parts) == 3 else 1
    low = _number(parts[0])
    high = _number(parts[1])
    letters = low is None and high is None
    if letters and len(parts[0]) == 1 and len(parts[1]) == 1 and parts[0].isalpha() and parts[1].isalpha():
        low = parts[0][0]
        high = parts[1][0]
    if low is None or high is None or step is None:
        return None
    step = abs(step) or 1
    if abs(high - low) // step >= _RESULTS_MAX:
        raise _too_many()
    values = range(low, high + 1, step) if low <= high else range(low, high - 1, -step)
    if letters:
        return [bytes((c,)) if bytes((c,)).isalpha() else b"\\" + bytes((c,)) for c in values]
    width = 0
    for part in parts[:2]:
        digits = part.lstrip(b"+-")
        if len(digits) > 1 and digits[:1] == b"0":
            width = max(width, len(parts[0]), len(parts[1]))
    return [_padded(value, width) for value in values]


def _number(text):
    """An integer from bytes, or None."""
    digits = text[1:] if text[:1] in (b"+", b"-") else text
    if not digits.isdigit() or len(digits) > 18:
        return None
    value = int(str(digits, "utf-8"))
    return -value if text[:1] == b"-" else value


def _padded(value, width):
    text = str(abs(value)).encode()
    if value < 0:
        width -= 1
    return (b"-" if value < 0 else b"") + b"0" * (width - len(text)) + text
