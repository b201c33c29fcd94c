# How many cells of a terminal a character takes: 0 (it combines with the one before), 1 or 2 (East Asian, emoji).

from micropython import const

_LATIN = const(0x300)  # below it every character takes one cell,
_GREEK = const(0x370)  # and from here, Greek and Cyrillic,
_CYRILLIC = const(0x483)  # to here


def width(c):
    """The cells of one character; 1 also for a control character."""
    code = ord(c)
    if code < _LATIN or _GREEK <= code < _CYRILLIC:
        return 1
    from text.wide import cells  # late: its tables are large

    return cells(code)
