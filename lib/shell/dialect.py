# The dialect of upyOS and micrOS: `> code`, `< expression`, `if A op B command`, `:label`, `cmd &&500`.

import asyncio
import os
import re

from micropython import const

from base.errors import reason
from process import cpu
from shell import expand

IMPORTED = "os sys time sdata utls"  # what a session's lines of Python find imported, as in upyOS
_EPIPE = const(32)
_LINE_MAX = const(256)  # bytes of a line that are looked at


# --- running


def source_of(text):
    """The Python text of a line: backslash-n outside of strings is a newline, and \\\\n inside one is \\n (upyOS)."""
    if "\\" not in text:
        return text
    out = []
    quote = ""
    i = 0
    while i < len(text):
        c = text[i]
        if c == "\\":
            if quote and text[i : i + 3] == "\\\\n":
                out.append("\\n")
                i += 3
                continue
            if not quote and text[i + 1 : i + 2] == "n":
                out.append("\n")
                i += 2
                continue
            out.append(text[i : i + 2])
            i += 2
            continue
        if quote:
            if c == quote:
                quote = ""
        elif c in "'\"":
            quote = c
        out.append(c)
        i += 1
    return "".join(out)


def space_of(shell):
    """The namespace of the session's Python lines, with the names that upyOS provides."""
    space = shell.space
    if space is None:
        space = shell.space = {"__name__": "__main__"}
    if "sdata" not in space:  # a tool's code has been first (shell.rawrepl)
        for name in IMPORTED.split():
            if name not in space:
                space[name] = __import__(name)
    return space


def python(shell, node):
    """Run a "python" node: at once, in the session's namespace."""
    _, line, code, show = node
    shell.line = line
    code = source_of(code)
    if show:
        code = "print(" + code + "\n)"

    def report(e):
        from process import exit_status  # late: only for an exception

        where = f"{shell.source.name}: line {line}: " if shell.source else ""
        shell.process.stderr.write(f"{where}{reason(e)}\n")
        exit_status.trace(shell.process, e)

    return evaluate(shell, lambda: exec(code, space_of(shell)), report)


def evaluate(shell, run, report):
    """Call run(), which is Python of the session; the status. report(e) says which exception there was."""
    space_of(shell)["proc"] = shell.process
    outer = cpu.enter(shell.process)
    cpu.interruptible(True)
    try:
        run()
    except SystemExit:
        raise
    except Exception as e:
        if isinstance(e, OSError) and e.args and e.args[0] == _EPIPE:
            return 141  # no reader: as SIGPIPE
        cpu.interruptible(False)
        report(e)
        return 1
    finally:
        cpu.interruptible(False)
        cpu.current = outer
        cpu.moved()

        old = shell.process.cwd
        shell.process.cwd = os.getcwd()
        if shell.process.cwd != old:
            shell.moved(old)
    return 0


def value_of(text):
    """text as a number where it is one, for comparing."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def holds(left, op, right):
    """The truth of `left op right`: numbers as numbers, everything else as text."""
    if op == "in":
        return left in right
    a = value_of(left)
    b = value_of(right)
    if isinstance(a, str) or isinstance(b, str):
        a, b = left, right
    if op == "==":
        return a == b
    if op == "!=":
        return a != b
    if op == "<":
        return a < b
    if op == ">":
        return a > b
    return a <= b if op == "<=" else a >= b


def compare(shell, node):
    """Run a "compare" node: the status of its command, 0 where the comparison is false."""
    while node[0] == "compare":  # one that is another's command is no call of its own
        _, line, left, op, right, command = node
        shell.line = line
        left = expand.single(shell, left)
        right = expand.single(shell, right)
        if not isinstance(left, str) or not isinstance(right, str):
            return slow_compare(shell, left, op, right, command)
        if not holds(left, op, right):
            return 0
        node = command
    return shell.visit(node)


def slow_compare(shell, left, op, right, command):
    if not isinstance(left, str):
        left = yield left
    if not isinstance(right, str):
        right = yield right
    return shell.visit(command) if holds(left, op, right) else 0


def every(shell, node):
    """Run an "every" node as a job: `cmd &&500` again and again, `cmd &500` once after that time."""
    from shell import jobs  # late: only for &&

    _, line, item, ms, again = node

    def run(child):
        while True:
            if not again:
                yield from asyncio.sleep_ms(ms)
            status = child.visit(item)
            if not isinstance(status, int):
                status = yield status
            child.status = status
            if not again:
                return status
            yield from asyncio.sleep_ms(ms)

    return jobs.start_generator(shell, run, item)


HANDLERS = {"python": python, "compare": compare, "every": every}


# --- the forms, and what tells them from a redirection without a command


_KEYWORDS = (
    "and as assert async await break class continue def del elif else except finally for from global if import in is "
    "lambda nonlocal not or pass raise return try while with yield print"
)


def special_form(lexer):
    """The node that begins at the token, with the last token of it; None where it is no such form after all."""
    if lexer.value[0] != ":":
        return python_node(lexer)
    return ("label", lexer.line, lexer.value[1:]) if begins_line(lexer) else None


def begins_line(lexer):
    """True where nothing but blanks stands before the token on its line."""
    start = lexer.start
    while start and lexer.text[start - 1] in " \t":
        start -= 1
    return start == 0 or lexer.text[start - 1] == "\n"


def python_node(lexer):
    """The python node to the end of the line, the token being < or >; None where that is a redirection after all."""
    text = lexer.text
    if text[lexer.pos : lexer.pos + 1] not in (" ", "\t"):
        return None
    end = text.find("\n", lexer.pos)
    if end < 0:
        end = len(text)
    code = text[lexer.pos : end].strip()
    if not code or is_file(code, lexer.value == ">"):
        return None
    node = ("python", lexer.line, code, lexer.value == "<")
    lexer.pos = end
    return node


def is_file(code, writes):
    """True where code begins with a path, and not as Python does."""
    if code[0] in "/$~." or (writes and code[0] in "\"'"):
        return True
    i = 0
    while i < len(code) and (code[i].isalpha() or code[i].isdigit() or code[i] in "_./-"):
        i += 1
    word = code[:i]
    rest = code[i:].lstrip()
    if not word or word in _KEYWORDS.split():
        return False
    if not rest:  # one bare word: a file to create, but an expression to show
        return writes
    if rest[0] == ";" or rest[:2] in ("&&", "||"):
        return True
    if code[i] not in " \t":
        return False
    if rest[0].isdigit() or (rest[0] in "<>" and writes):
        return True
    # a second word: a command and no operator of Python
    following = rest.split(None, 1)[0]
    return (rest[0].isalpha() or rest[0] in "_\"'$/") and following not in ("if", "in", "is", "and", "or", "not")


def contents(shell, node):
    """For $(< file): the node of `cat` with that file; any other node is returned as it is. A generator."""
    from shell import redirect  # late: only for $(< FILE)

    path = ""
    if node[0] == "python":
        if node[3] and is_file(node[2], True) and " " not in node[2]:
            path = node[2]
    elif len(node[4]) == 1 and node[4][0][0] == "<" and not node[4][0][1] and not node[2]:
        path = yield expand.slow_single(shell, [node[4][0][2]] if isinstance(node[4][0][2], str) else node[4][0][2])
    if not path or (node[0] == "python" and not redirect.exists(redirect.normal(path, shell.process.cwd))):
        return node
    return ("simple", node[1], (), ("cat", "--", [("quoted", path)]), ())


# --- whether a script is written in the dialect


# The forms: if, :label, goto, export. No repetition of groups: it takes a C stack frame for each character.
_FORMS = (
    r"^if[ \t]+[^ \t]+[ \t]+(==|!=|<=|>=|<|>|in)[ \t]+[^ \t]+[ \t]+[^ \t]",
    r"^:[A-Za-z_0-9]+[ \t]*(#|$)",
    r"(^|[ \t])goto[ \t]+[A-Za-z_0-9]+[ \t]*(#|$)",
    r"^export[ \t]+[A-Za-z_][A-Za-z_0-9]*[ \t]+(=[ \t]|[0-9\"']|-[ifsb]|.*[ \t]-[ifsb])",
)


def is_dialect(file):
    """True if a line of the script is of a form that only upyOS has; its position is left as it was.

    Those are `:label`, `goto label`, `if A op B command`, typed exports (`export n 5`, `export n = v`, `export n v -i`), and
    a comment that begins with #upyos.
    """
    forms = [re.compile(form) for form in _FORMS]
    place = file.tell()
    try:
        file.seek(0)
        while line := file.readline(_LINE_MAX):
            if is_of_dialect(line, forms):
                return True
        return False
    except UnicodeError:
        return False
    finally:
        file.seek(place)


def is_of_dialect(line, forms):
    line = line.decode().strip()
    if line[:1] == "#":
        return line[:6].lower() == "#upyos"
    if line[:3] == "if ":
        return bool(forms[0].match(line)) and "then" not in line and ";" not in line
    for form in forms[1:]:
        if form.search(line):
            return True
    return False
