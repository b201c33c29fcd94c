# Columns of text: names side by side, as ls and help show them on a terminal, and tab stops.

from micropython import const

from base.errors import Usage

GAP = const(2)  # spaces between two columns
CELL = const(
    3
)  # columns of the narrowest cell with its gap, as ls of GNU counts them: its lines break at the same names


def columns(names, width, across=False):
    """Yield the lines that show names in as many columns as fit into width: down, or across the lines."""
    count = len(names)
    if not count:
        return
    sizes = [len(name) for name in names]
    widths = sizes[:1]
    step = 1 if across else count
    for tried in range(min(count, (width + CELL - 1) // CELL), 1, -1):
        rows = (count + tried - 1) // tried
        if not across:
            if (count + rows - 1) // rows != tried:
                continue
            fits = [max(sizes[i : i + rows]) for i in range(0, count, rows)]
        else:
            fits = [max(sizes[i::tried]) for i in range(tried)]
        needs = [size + GAP for size in fits[:-1]] + fits[-1:]
        if max(needs) <= CELL or sum([max(need, CELL) for need in needs]) < width:
            widths = fits
            step = tried if across else rows
            break
    cells = len(widths)
    for row in range((count + cells - 1) // cells):
        line = names[row * cells : (row + 1) * cells] if across else names[row::step]
        parts = [name + " " * (widths[i] - len(name)) for i, name in enumerate(line[:-1])]
        yield (" " * GAP).join(parts + line[-1:])


def commas(names, width):
    """Yield the lines that show names with commas, as many on each as fit."""
    line = ""
    for i, name in enumerate(names):
        cell = name + "," if i + 1 < len(names) else name
        if line and len(line) + 1 + len(cell) > width:
            yield line
            line = ""
        line += " " + cell if line else cell
    if line:
        yield line


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


def column_after(data, column):
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
