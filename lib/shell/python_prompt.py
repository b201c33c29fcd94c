# The Python prompt of `python`: blocks, history, TAB, and errors that leave the session alive.

import builtins
import gc
import io
import os
import sys

from micropython import const

from base.errors import reason
from process import cpu, memory

_BLOCK_MAX = const(16384)  # characters of one block
_INDENT = const(4)
_IN_BLOCK = '  File "<stdin>", line '


# How a compound statement begins; it ends with an empty line.
_COMPOUND = ("if", "while", "for", "try", "with", "def", "class", "async")


def interact(process, terminal, space):
    """Read and run until Ctrl-D or exit(); a generator for execute.run() that returns the exit status."""
    from shell.lineedit import Editor  # late: only on a terminal

    version = ".".join([str(n) for n in sys.implementation.version[:3]])
    process.stdout.write(f"MicroPython {version}; Ctrl-D leaves\n")
    editor = Editor(terminal)
    editor.file = str(process.getenv("HOME") or "/var") + "/.python_history"
    prepare(editor, space)
    try:
        return (yield from serve(process, editor, space))
    finally:
        if editor.fresh:
            editor.module("shell.history").save(editor)
        editor.release()


def prepare(editor, space):
    """Give an Editor, and the namespace of its lines, what serve() needs."""

    space["__repl_print__"] = printer(space)
    editor.completion = "shell.python_prompt"
    editor.owner = space


def printer(space):
    """The function that MicroPython calls as __repl_print__ with the value of an expression."""

    def repl_print(value):
        if value is not None:
            space["_"] = value
            print(repr(value))

    return repl_print


def serve(process, editor, space):
    """Read and run blocks; a generator that returns the status."""
    while True:
        block = ""
        try:
            text = block = yield from read_block(editor)
            if text is None:
                return 0
            editor.remember(text.strip())
            cpu.interruptible(True)
            exec(compile(text, "<stdin>", "single"), space)
        except SystemExit:
            raise
        except KeyboardInterrupt:
            process.signal = 0
            editor.ahead.clear()
            process.stderr.write("KeyboardInterrupt\n")
        except Exception as e:
            cpu.interruptible(False)
            text = None
            try:
                if isinstance(e, MemoryError) and memory.is_starving():
                    give_up(space)
                    process.stderr.write("no memory for another line: the variables are given up\n")
                if editor.lost:
                    process.stderr.write(f"{reason(e)}: line discarded\n")
                else:
                    show(process, e, block)
            except MemoryError:  # the prompt stays, even where it cannot say this
                gc.collect()
        finally:
            cpu.interruptible(False)


def give_up(space):
    """Forget what the user's code has made."""
    printer = space["__repl_print__"]
    space.clear()
    gc.collect()
    space["__name__"] = "__main__"
    space["__repl_print__"] = printer


def read_block(editor, text=""):
    """One complete statement, of which text is there already; None at the end of the input. A generator."""
    from shell.lineedit import LineTooLong  # late: only on a terminal

    ahead = editor.ahead  # lines that were pasted
    while not text or incomplete(text):
        if not ahead:
            width = indent(editor, text) if text else 0
            try:
                line = yield from editor.read_line("... " if text else ">>> ")
            except (MemoryError, LineTooLong):
                if text:
                    yield from editor.flush()
                raise
            if line is None:
                return None
            if line[width:].lstrip(" \t") != line[width:] and line.strip():
                line = line[width:]  # blanks of one's own take the place of those
            ahead.extend([part + "\n" for part in line[:-1].split("\n")])
        line = ahead.pop(0)
        text += line if line.strip() else "\n"
        if len(text) > _BLOCK_MAX:
            raise MemoryError("too long a block")
    return text


def indent(editor, text):
    """Type what the next line of a block begins with: the blanks of the last one, four more after a colon; their number.

    Input that waits already is not typed by hand: it has its own blanks.
    """
    terminal = editor.terminal
    if editor.typed or editor.raw or terminal.input or terminal.early or is_open(text):
        return 0
    last = text[text.rfind("\n", 0, -1) + 1 :].rstrip()
    width = len(last) - len(last.lstrip())
    if last[-1:] == ":":
        width += _INDENT
    editor.typed = " " * width
    return width


def incomplete(text):
    """Whether more lines belong to a statement: an open bracket, string or block.

    The rules are those of the firmware's prompt (MicroPython's py/repl.c, mp_repl_continue_with_input).
    """
    if is_open(text):
        return True
    word = text.lstrip().split(" ", 1)[0].split(":", 1)[0].split("(", 1)[0].rstrip()
    if text[0] == "@" or word in _COMPOUND:
        return text[-2:] != "\n\n"
    return False


def is_open(text):
    """Whether text ends inside a bracket or a long string, or in a backslash."""
    quote = ""
    depth = 0
    i = 0
    n = len(text)
    while i < n:
        c = text[i]
        if quote:
            if c == "\\":
                i += 1
            elif text[i : i + len(quote)] == quote:
                i += len(quote) - 1
                quote = ""
            elif c == "\n" and len(quote) == 1:
                quote = ""  # an error that the compiler will name
        elif c in "'\"":
            quote = c * 3 if text[i : i + 3] == c * 3 else c
            i += len(quote) - 1
        elif c == "#":
            i = text.find("\n", i)
            if i < 0:
                break
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        i += 1
    return depth > 0 or len(quote) == 3 or text[-2:] == "\\\n"


def show(process, error, block=""):
    """An exception as Python shows it, without the lines of the system that ran it, but with that of the block."""
    lines = block.split("\n")
    out = io.StringIO()
    sys.print_exception(error, out)
    for line in out.getvalue().split("\n"):
        if (
            line
            and not line.startswith('  File "/bin/python')
            and "/lib/shell/" not in line
            and "process.routing" not in line
            and not line.startswith('  File "shell.')  # compiled
            and "n/python." not in line
        ):
            process.stderr.write(line + "\n")
            if line.startswith(_IN_BLOCK) and line.endswith(", in <module>"):
                number = int(line[len(_IN_BLOCK) : line.find(",", len(_IN_BLOCK))])
                if number <= len(lines):
                    process.stderr.write(f"    {lines[number - 1].strip()}\n")


# --- TAB: names of the namespace, of the language and of the attributes of what stands before a dot


_KEYWORDS = (
    "and as assert async await break class continue def del elif else except finally for from global if import in is "
    "lambda nonlocal not or pass raise return try while with yield True False None"
)


def press(editor, key):
    """TAB at the Python prompt; editor.owner is its namespace. At the beginning of a line it indents."""
    line = editor.text[: editor.at]
    if line[line.rfind("\n") + 1 :].strip():
        complete(editor, editor.owner)
    else:
        editor.replace(editor.at, editor.at, "    ")


def complete(editor, space):
    """Complete the name before the cursor."""
    from shell import complete  # late: with the first TAB

    text = editor.text
    start = end = editor.at
    while start and (text[start - 1].isalpha() or text[start - 1].isdigit() or text[start - 1] in "_."):
        start -= 1
    parts = text[start:end].split(".")
    prefix = parts.pop()
    before = text[text.rfind("\n", 0, start) + 1 : start].split()
    if before and (before[-1] == "import" or before[-1] == "from") and not parts and before[:1] != ["from", "import"]:
        found = modules() if before[0] != "from" or len(before) == 1 else exported(before[1])
    elif parts:
        found = attributes(space, parts)
    else:
        found = list(space) + dir(builtins) + _KEYWORDS.split()
    found = [name for name in found if name.startswith(prefix) and (prefix or name[:1] != "_")]
    complete.choose(editor, end - len(prefix), found)


def attributes(space, parts):
    """The names of the attributes of a.b.c, without calling anything."""
    if parts[0] in space:
        value = space[parts[0]]
    else:
        value = getattr(builtins, parts[0], None)
    for name in parts[1:]:
        value = getattr(value, name, None)
    return [] if value is None else dir(value)


def exported(name):
    """The names of a module that is loaded."""
    module = sys.modules.get(name)
    return dir(module) if module else []


def modules():
    """The names of modules: those that are loaded, and the files along sys.path."""
    found = [name for name in sys.modules if "." not in name and "/" not in name]
    for directory in sys.path:
        try:
            for entry in os.listdir(directory or "."):
                name, dot, kind = entry.partition(".")
                if not dot or kind in ("py", "mpy"):
                    found.append(name)
        except OSError:
            pass
    return found
