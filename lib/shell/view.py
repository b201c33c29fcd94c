# How the line editor shows what its core cannot: text with newlines, control characters or wide and combining ones, a
# prompt with colours, and a line that has more rows than the screen (then as many rows around the cursor as it has).

from text.width import width


def shape(c, column, columns):
    """What shows a character that is not plain, and how many cells that takes in a certain column."""
    code = ord(c)
    if c == "\n":
        return "", columns - column
    if c == "\t":
        cells = 8 - column % 8
        return " " * cells, cells
    if code < 32 or code == 127:
        return "^" + chr(code ^ 64), 2
    if 128 <= code < 160:
        return "?", 1
    cells = width(c)
    if cells == 2 and column == columns - 1 > 0:
        return " " + c, 3  # half of it would stand behind the last column
    return c, cells


def behind(text, cell, columns):
    """The cell behind text that begins in cell."""
    for c in text:
        cell += 1 if " " <= c <= "~" else shape(c, cell % columns, columns)[1]
    return cell


def place(editor, at):
    """The cell of the character at."""
    if editor.plain:
        return editor.start + at
    columns = editor.columns
    cell = behind(editor.text[:at], editor.start, columns)
    c = editor.text[at : at + 1]
    if c >= "\u1100" and shape(c, cell % columns, columns)[1] == 3:
        cell += 1
    return cell


def draw(editor, start, less):
    """Show the text, which is another from index start on (None: only the cursor has moved)."""
    columns = editor.columns
    text = editor.text
    cursor = place(editor, editor.at)
    end = place(editor, len(text))
    hidden = end // columns + 1 - editor.rows  # rows that the screen has no place for
    top = editor.top  # the first row that is shown
    row = cursor // columns
    top = max(0, min(max(min(top, row), row - editor.rows + 1), hidden))
    cell = None
    if start is not None:
        if not editor.plain:
            start = max(start - 1, 0)  # what has been put there may combine with the character before
            while start and width(text[start]) == 0:
                start -= 1
        cell = place(editor, start)
    before = ""
    if top != editor.top or (cell is not None and cell // columns < top):
        before = editor.go(0) + "\x1b[J"
        editor.top = top
        if not top:
            before += editor.prompt
            if editor.start and editor.start % columns == 0:
                before += " \r"
        start = 0
        cell = editor.start
    elif start is not None:
        before = editor.go(cell - top * columns) + ("\x1b[J" if less else "")
    if start is not None:
        before += "".join(rows(text[start:], cell, columns, top, top + editor.rows))
        editor.cursor = end
        if hidden > 0:  # the last row may be full: nobody knows where the cursor is in it
            before += "\r"
            editor.cursor = (min(end // columns, top + editor.rows - 1) - top) * columns
    editor.terminal.write(before + editor.go(cursor - top * columns))


def rows(text, cell, columns, top=0, bottom=99999):
    """Yield what shows text in the rows from top to before bottom."""
    for c in text:
        shown, cells = (c, 1) if " " <= c <= "~" else shape(c, cell % columns, columns)
        before = cell
        cell += cells
        row = cell // columns
        if c == "\n":
            if before // columns >= top and row < bottom:
                yield "\x1b[K\r\n"
        elif row >= top and before // columns < bottom:
            if before // columns < top:
                yield " " * (cell - top * columns)
            elif (cell - 1) // columns < bottom:
                yield shown
            else:
                yield " " * (bottom * columns - before)
            if cells and cell % columns == 0 and top < row < bottom:
                yield " \r"


def beside(editor, step):
    """The index one character to the left (-1) or right (1) of the cursor, with what combines with it."""
    text = editor.text
    at = editor.at + step
    while 0 < at < len(text) and width(text[at]) == 0:
        at += step
    return min(max(at, 0), len(text))


def measure(editor, prompt):
    """Take a prompt: its last line and the cells of that. What stands between \\1 and \\2 takes none, nor do colours."""
    out = ""
    shown = ""
    i = 0
    hidden = False
    while i < len(prompt):
        c = prompt[i]
        if c == "\x01" or c == "\x02":
            hidden = c == "\x01"
        elif c == "\x1b" and not hidden:
            start = i
            i += 1
            if prompt[i : i + 1] == "[":
                i += 1
                while i < len(prompt) and not "@" <= prompt[i] <= "~":
                    i += 1
            elif prompt[i : i + 1] == "]":  # a title, up to BEL
                while i < len(prompt) and prompt[i] != "\x07":
                    i += 1
            out += prompt[start : i + 1]
        else:
            out += c
            if c == "\n":
                shown = ""
            elif not hidden and c >= " ":
                shown += c
        i += 1
    end = out.rfind("\n") + 1
    editor.head = out[:end]
    editor.prompt = out[end:]
    editor.start = behind(shown, 0, editor.terminal.columns)


def press(editor, key):
    """The size of the window has changed: draw the line anew."""
    editor.terminal.write(editor.go(0) + "\x1b[J")
    editor.show()
