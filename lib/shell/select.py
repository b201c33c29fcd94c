# select: a menu of words. Loaded with the first one.

from shell import expand, flow
from shell.read import assign_fields, take_line
from text.width import width as width_of


def visit(shell, node):
    """Show the words with numbers, read one, run the body; again until break or the end of the input. A generator."""
    _, shell.line, name, words, body = node
    if words is None:
        items = shell.args
    else:
        items = expand.fields(shell, words)
        if not isinstance(items, list):
            items = yield items
    if not items:
        return 0
    show = [True]

    def more():
        if show[0]:
            menu(shell, items)
        show[0] = False
        prompt = shell.lookup("PS3")
        shell.process.stderr.write("#? " if prompt is None else expand.text_of(prompt))
        line, marks, status = yield from take_line(shell.process.stdin, False)
        if status and not line:
            shell.process.stderr.write("\n")
            return False
        assign_fields(shell, ["REPLY"], line, marks, True)
        reply = shell.vars["REPLY"]
        if not reply:
            show[0] = True
            return more()
        at = int(reply) if reply.isdigit() and len(reply) < 9 else 0
        shell.assign(name, items[at - 1] if 0 < at <= len(items) else "")
        return True

    return flow.cycle(shell, body, more)


def menu(shell, items):
    """Write the items in columns."""
    digits = len(str(len(items)))
    terminal = shell.process.tty
    room = terminal.columns if terminal else 80
    width = max([size(item) for item in items]) + digits + 2
    rows = len(items) if len(items) < 10 else max(1, -(-len(items) // max(1, room // (width + 2))))
    for row in range(rows):
        line = ""
        for at in range(row, len(items), rows):
            cell = f"{at + 1:{digits}}) {items[at]}"
            line += cell + " " * (width + 2 - size(cell) if at + rows < len(items) else 0)
        shell.process.stderr.write(line + "\n")


def size(text):
    """The columns that text takes."""
    return sum([width_of(c) for c in text])
