# Tab stops and columns, for programs that fold and expand lines.

from base.errors import Usage


def stops(text):
    """A function that gives the tab stop behind a column, for a distance or a list of columns."""
    try:
        places = [int(word) for word in text.replace(",", " ").split()]
    except ValueError:
        places = ()
    if not places or places[0] < 1 or sorted(set(places)) != places:
        raise Usage("invalid tab stops", text)
    if len(places) == 1:
        distance = places[0]
        return lambda column: column + distance - column % distance

    def next_stop(column):
        for place in places:
            if place > column:
                return place
        return column + 1

    return next_stop


def width(data, column):
    """The column behind data that begins at column and has no tabs and newlines; a backspace goes back by one."""
    if b"\b" not in data and b"\r" not in data:
        wide = sum([byte & 0xC0 == 0x80 for byte in data]) if data and max(data) > 127 else 0
        return column + len(data) - wide
    for byte in data:
        if byte == 8:
            column = max(column - 1, 0)
        elif byte == 13:
            column = 0
        elif byte & 0xC0 != 0x80:
            column += 1
    return column
