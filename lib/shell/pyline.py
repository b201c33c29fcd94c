# The forms `:label`, `> code` and `< expression` of upyOS, and what tells these from a redirection without a command.

_KEYWORDS = (
    "and as assert async await break class continue def del elif else except finally for from global if import in is "
    "lambda nonlocal not or pass raise return try while with yield print"
)


def parse(lexer):
    """The node that begins at the token, with the last token of it; None where it is no such form after all."""
    if lexer.value[0] != ":":
        return python(lexer)
    return ("label", lexer.line, lexer.value[1:]) if begins_line(lexer) else None


def begins_line(lexer):
    """True where nothing but blanks stands before the token on its line."""
    start = lexer.start
    while start and lexer.text[start - 1] in " \t":
        start -= 1
    return start == 0 or lexer.text[start - 1] == "\n"


def python(lexer):
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
    from shell import expand, redirect

    path = ""
    if node[0] == "python":
        if node[3] and is_file(node[2], True) and " " not in node[2]:
            path = node[2]
    elif len(node[4]) == 1 and node[4][0][0] == "<" and not node[4][0][1] and not node[2]:
        path = yield expand.slow_single(shell, [node[4][0][2]] if isinstance(node[4][0][2], str) else node[4][0][2])
    if not path or (node[0] == "python" and not redirect.exists(redirect.normal(path, shell.process.cwd))):
        return node
    return ("simple", node[1], (), ("cat", "--", [("quoted", path)]), ())
