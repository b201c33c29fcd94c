# What bash has besides POSIX: time, (( )), for (( ; ; )) and select, read and executed. Loaded with the first of them.
# shell/conditional.py has [[ ]].

from time import ticks_diff, ticks_ms

from base.errors import Failure
from shell import compound, expand
from shell.lexer import Lexer

# --- grammar


def math_text(p):
    """The text of (( )), the token being its first parenthesis, and the token behind; None where it is ( (."""
    from shell.substitution import closing  # late: rare

    lexer = p.lexer
    end = closing(lexer.text, lexer.pos + 1, "A")
    if lexer.text[end + 1 : end + 2] != ")":
        return None
    text = lexer.text[lexer.pos + 1 : end]
    lexer.pos = end + 2
    lexer.line += text.count("\n")
    return text


def word_of(text, line):
    """An expression as a word that expands to it."""
    word = []
    Lexer(text, line).double(word, "")
    return word


def math_rule(p):
    """(( expression )) that math_text() has read."""
    line = p.lexer.line
    text = p.compared
    if p.next():
        yield p.more()
    return ("math", line, word_of(text, line))


def for_math_rule(p, line):
    """for (( first; test; step )), read up to there."""
    parts = p.compared.split(";")
    if len(parts) != 3:
        raise p.lexer.error("expected three expressions in for (( ))")
    parts = tuple([word_of(part, line) if part.strip() else None for part in parts])
    if p.next():
        yield p.more()
    if p.is_op(";"):
        if p.next():
            yield p.more()
    yield p.newlines()
    body = yield (compound.group_body if p.is_word("{") else compound.do_group)(p)
    return ("for_math", line, parts, body)


def select_rule(p):
    """select name in words; do ...: as for."""
    node = yield compound.for_rule(p)
    return ("select",) + node[1:]


# --- execution


def visit_time(shell, node):
    """time: the pipeline's time on stderr, as POSIX time -p."""
    began = ticks_ms()
    used = shell.process.time
    try:
        status = shell.visit(node[2])
        if not isinstance(status, int):
            status = yield status
    finally:
        real = ticks_diff(ticks_ms(), began)
        user = (shell.process.time - used) // 1000
        shell.process.stderr.write(f"real {real / 1000:.2f}\nuser {user / 1000:.2f}\nsys 0.00\n")
    return status


def visit_math(shell, node):
    shell.line = node[1]
    text = expand.single(shell, node[2])
    if not isinstance(text, str):
        text = yield text
    try:
        value = shell.arith(text)
    except Failure as e:
        shell.complain("((", e)
        value = 0
    status = 0 if value else 1
    shell.failed(status)
    return status


def visit_for_math(shell, node):
    _, shell.line, (first, test, step), body = node
    ahead = [first]  # what is to be done before the next test

    def more():
        text = ahead[0]
        if text:
            text = yield expand.slow_single(shell, text)
            shell.arith(text)
        ahead[0] = step
        if not test:
            return True
        text = yield expand.slow_single(shell, test)
        return bool(shell.arith(text))

    from shell import flow  # late: the parser has no use for it

    return flow.cycle(shell, body, more)


# --- select: a menu of words


def visit_select(shell, node):
    """Show the words with numbers, read one, run the body; again until break or the end of the input. A generator."""
    from shell import flow  # late: the parser has no use for it

    _, shell.line, name, words, body = node
    items = flow.items_of(shell, words)
    if not isinstance(items, list):
        items = yield items
    if not items:
        return 0
    from shell.builtins.io import assign_fields, take_line  # late: only this reads

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
    from text.width import width as width_of  # late: only for a menu

    def size(text):
        return sum([width_of(c) for c in text])

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


HANDLERS = {"time": visit_time, "math": visit_math, "for_math": visit_for_math, "select": visit_select}
