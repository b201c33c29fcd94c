# The layout of a line on the screen: its characters, their cells, and the rows of a folded line.
#
# A line is bytes, so every file is preserved: invalid UTF-8 is shown as <e4>, a control character as ^X.

from text.width import width

TAB = 8  # distance of tab stops


def plain(line):
    """Return whether every byte is a character of one cell."""
    return not line or (min(line) >= 32 and max(line) < 127)


def next_index(line, i):
    """Return the index after the character at i; an invalid byte is a character of its own."""
    c = line[i]
    i += 1
    if not 0xC2 <= c < 0xF5:
        return i
    end = i + (1 if c < 0xE0 else 2 if c < 0xF0 else 3)
    for k in range(i, end):
        if k >= len(line) or line[k] & 0xC0 != 0x80:
            return i
    return end


def after(line, i):
    """Return the index after the character at i and its combining characters."""
    n = len(line)
    i = next_index(line, i)
    while i < n and line[i] >= 0xC2:
        end = next_index(line, i)
        if end == i + 1 or width(str(line[i:end], "utf-8")):
            break
        i = end
    return i


def before(line, i):
    """Return the index of the character before i, with its combining characters."""
    while i > 0:
        start = i - 1
        while start and i - start < 4 and line[start] & 0xC0 == 0x80:
            start -= 1
        if next_index(line, start) != i:
            return i - 1
        i = start
        if line[i] < 0xC2 or width(str(line[i : next_index(line, i)], "utf-8")):
            break
    return i


def shown(line, i, cell):
    """Return (index after it, text, cells) of the character at i, displayed at that cell of its line."""
    c = line[i]
    if 32 <= c < 127:
        return i + 1, chr(c), 1
    if c == 9:
        cells = TAB - cell % TAB
        return i + 1, " " * cells, cells
    if c < 128:
        return i + 1, "^" + chr(c ^ 64), 2
    end = next_index(line, i)
    if end == i + 1:
        return end, f"<{c:02x}>", 4
    text = str(line[i:end], "utf-8")
    if text < "\xa0":
        return end, "?", 1
    return end, text, width(text)


def layout(line, columns):
    """Yield (index, row, x, text, cells) of each character, then of the end, with an empty text."""
    i = row = x = cell = 0
    n = len(line)
    while i < n:
        end, text, cells = shown(line, i, cell)
        cell += cells
        if x + cells > columns:
            if line[i] == 9 and x < columns:
                cells = columns - x
                text = " " * cells
            elif x:
                row += 1
                x = 0
        if cells > columns:  # the window is narrower than the character
            text = "?"
            cells = 1
        yield i, row, x, text, cells
        x += cells
        i = end
    if x >= columns:
        row += 1
        x = 0
    yield n, row, x, "", 0


def place(line, col, columns):
    """Return (row, x) of the character at index col in the folded line."""
    if plain(line):
        return col // columns, col % columns
    for i, row, x, _, _ in layout(line, columns):
        if i >= col:
            return row, min(x, columns - 1)
    return 0, 0


def height(line, columns):
    """Return the number of rows of the folded line."""
    if len(line) * 8 <= columns:
        return 1
    if plain(line):
        return (len(line) - 1) // columns + 1
    count = 0
    for _, row, _, text, _ in layout(line, columns):
        if text:
            count = row
    return count + 1


def cell_of(line, col):
    """Return the cell of the character at col in the unfolded line."""
    if plain(line):
        return col
    cell = i = 0
    while i < col:
        i, _, cells = shown(line, i, cell)
        cell += cells
    return cell


def at_cell(line, cell):
    """Return the index of the character in a cell, len(line) after the last one."""
    if plain(line):
        return min(cell, len(line))
    i = used = 0
    while i < len(line):
        end, _, cells = shown(line, i, used)
        if used + cells > cell:
            break
        used += cells
        i = end
    return i


def render(line, first, count, columns, colours):
    """Return a list of (text, colours) for some rows of the folded line. colours: a number for each byte, or b""."""
    if plain(line):
        rows = []
        for k in range(first * columns, (first + count) * columns, columns):
            rows.append((str(line[k : k + columns], "utf-8"), bytes(colours[k : k + columns])))
        return rows
    rows = [([], bytearray()) for _ in range(count)]
    for i, row, _, text, _ in layout(line, columns):
        if row >= first + count:
            break
        if row >= first and text:
            texts, paint = rows[row - first]
            texts.append(text)
            if colours:
                paint.extend(bytes((colours[i],)) * len(text))
    return [("".join(texts), bytes(paint)) for texts, paint in rows]
