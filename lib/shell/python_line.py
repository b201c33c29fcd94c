# Python typed at the shell's prompt: `import machine`, `led = Pin(2, Pin.OUT)`, `led.on()`, `for i in range(3):`.
#
# A line is Python only where it names no command of the shell, has one of these forms and compiles; anything else stays
# the shell's, so that a mistyped command is still "not found". `shopt -u python` turns it off. Never used in scripts.

import builtins

from shell import dialect, python_prompt, resolve

_KEYWORDS = (
    " import from def class with try async del raise assert lambda not pass global for while if None True False "
)
_ALSO_SHELL = " for while if "  # Python only with a colon that the shell has no use for
_RESERVED = " if then else elif fi while until for do done case esac in time function select coproc "
_ASSIGNS = ("=", "+=", "-=", "*=", "/=", "//=", "%=", "**=", "|=", "&=", "^=", "<<=", ">>=")
_ENDS_WORD = " \t;&|<>()"


def run(shell, editor, line):
    """Run the line, and those that belong to it, as Python; a generator that returns its text, "" where it is none."""
    if "python" in shell.options or not is_python(shell, line):
        return ""
    space = dialect.space_of(shell)
    if "__repl_print__" not in space:
        space["__repl_print__"] = python_prompt.printer(space)
    outer = editor.completion, editor.owner
    editor.completion, editor.owner = "shell.python_prompt", space
    try:
        text = yield from python_prompt.read_block(editor, line)
    finally:
        editor.completion, editor.owner = outer
    if text is None:
        return line
    shell.status = dialect.evaluate(
        shell,
        lambda: exec(compile(text, "<stdin>", "single"), space),
        lambda e: python_prompt.show(shell.process, e, text),
    )
    return text


def is_python(shell, line):
    """True where the line, typed at the prompt, is Python and no command."""
    text = line.strip()
    end = 0
    while end < len(text) and (text[end].isalpha() or text[end].isdigit() or text[end] == "_"):
        end += 1
    name = text[:end]
    if text[0] == "@":
        return text[1:2].isalpha()  # a decorator: no command begins so
    keyword = f" {name} " in _KEYWORDS
    if not name or (not keyword and text[end : end + 1] != "." and f" {name} " in _RESERVED):
        return False
    bound = is_bound(shell, name)
    if text[end : end + 1] == "(" and text[end + 1 :].lstrip()[:1] == ")" and not bound and not hasattr(builtins, name):
        return False  # the definition of a function
    call = has_call(text)
    if not call and (not (keyword or bound or assigns(text)) or (not keyword and names_command(shell, text))):
        return False
    return compiles(text, f" {name} " in _ALSO_SHELL)


def names_command(shell, text):
    """True where the first word of text runs something in the shell."""
    end = 0
    while end < len(text) and text[end] not in _ENDS_WORD:
        end += 1
    word = text[:end]
    return bool(
        word in resolve.TABLE
        or resolve.is_word(word, resolve.LATE)
        or word in shell.functions
        or (shell.aliases and word in shell.aliases)
        or resolve.locate(shell, word)
    )


def is_bound(shell, name):
    """True for a name of the session's namespace."""
    return name in (dialect.IMPORTED.split() if shell.space is None else shell.space)


def assigns(text):
    """True for an assignment with blanks around its operator: without them it is one of the shell."""
    for operator in _ASSIGNS:
        if f" {operator} " in text:
            return True
    return False


def has_call(text):
    """True where a parenthesis follows a name at once, outside quotes: a syntax error in the shell."""
    quote = ""
    before = " "
    for c in text:
        if quote:
            if c == quote:
                quote = ""
        elif c in "'\"":
            quote = c
        elif c == "#" and before in " \t":
            return False
        elif c == "(" and (before.isalpha() or before.isdigit() or before == "_"):
            return True
        before = c
    return False


def compiles(text, also_shell):
    """True where text is the beginning of a statement, or a whole one."""
    try:
        compile(text + " pass" if text[-1] == ":" else text, "<stdin>", "single")
        return not also_shell or ":" in text
    except SyntaxError:  # an open bracket, string or backslash: what follows decides
        return not also_shell and text[-1] != ":" and python_prompt.is_open(text + "\n")
    except MemoryError:
        return True  # it says so when it is run


def completes(shell, line):
    """True where TAB at the end of the line completes a name of Python."""
    start = len(line)
    while start and (line[start - 1].isalpha() or line[start - 1].isdigit() or line[start - 1] in "_."):
        start -= 1
    root, dot, _ = line[start:].partition(".")
    if dot:
        return is_bound(shell, root)
    if f" {line.split(None, 1)[0]} " in _ALSO_SHELL and ":" not in line:
        return False
    return bool(start) and not names_command(shell, line.lstrip())
