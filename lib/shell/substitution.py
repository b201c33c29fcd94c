# Substitutions in words: $( ), $(( )), ${ }, $' ' and ` `. The part of the lexer that the first of them loads.

from micropython import const

from shell.lexer import _BREAK, _PARAM1, NAME, NAME1, Lexer, More, is_name

# As in shell.lexer; a constant costs nothing only in its own module.
_QUOTED = const(0)
_VAR = const(1)
_PARAM = const(2)
_COMMAND = const(3)
_ARITH = const(4)


def closing(text, i, close, quoted=False):
    """The index of the `close` that matches what was opened before index i: for $( ), ${ } and ` `.

    Knows quotes, comments, nested substitutions and case patterns. Raises More where the text ends first.
    """
    stack = [close]  # what must be closed: ) } ` " and C for a case whose patterns end with a bare )
    n = len(text)
    while i < n:
        c = text[i]
        top = stack[-1]
        if c == "\\":
            i += 2
            continue
        if top == '"':
            if c == '"':
                stack.pop()
            elif c == "`":
                stack.append("`")
            elif c == "$" and i + 1 < n and text[i + 1] in "({":
                i += 1
                stack.append(")" if text[i] == "(" else "}")
            i += 1
            continue
        if c == top and top != "C":
            stack.pop()
            if not stack:
                return i
        elif c == "'" and not (quoted and top == "}" and len(stack) == 1):
            i = text.find("'", i + 1)
            if i < 0:
                raise More
        elif c == '"':
            stack.append('"')
        elif c == "`":
            stack.append("`")
        elif c == "(" or (c == "{" and i and text[i - 1] == "$"):
            stack.append(")" if c == "(" else "}")
        elif c == ")" and top == "C":
            pass  # the end of a pattern
        elif c == "#" and top in ")C" and (i == 0 or text[i - 1] in " \t\n;&|("):
            i = text.find("\n", i)
            if i < 0:
                raise More
        elif c in "ce" and top in ")C" and (i == 0 or text[i - 1] in " \t\n;&|("):
            if text[i : i + 5] in ("case ", "case\t"):
                stack.append("C")
                i += 4
            elif top == "C" and text[i : i + 4] == "esac" and (i + 4 >= n or text[i + 4] in _BREAK):
                stack.pop()
                i += 3
        i += 1
    raise More


def dollar(lexer, parts, quoted):
    """Read $( ), $(( )), ${ } or $' ' at pos."""
    text = lexer.text
    i = lexer.pos + 1
    c = text[i]
    if c == "(":
        if text[i + 1 : i + 2] == "(":
            end = closing(text, i + 2, ")")
            if text[end + 1 : end + 2] == ")":
                inner = Lexer(text[i + 2 : end], lexer.line)
                word = []
                inner.double(word, "")
                parts.append([_ARITH, quoted, word])
                lexer.line += text[i:end].count("\n")
                lexer.pos = end + 2
                return
        end = closing(text, i + 1, ")")
        parts.append([_COMMAND, quoted, text[i + 1 : end], lexer.line])
        lexer.line += text[i:end].count("\n")
        lexer.pos = end + 1
    elif c == "{":
        end = closing(text, i + 1, "}", quoted)
        brace(lexer, parts, quoted, text[i + 1 : end])
        lexer.line += text[i:end].count("\n")
        lexer.pos = end + 1
    else:
        from shell.escape import ansi_c  # late: rare

        end = i + 1
        while True:
            end = text.find("'", end)
            if end < 0:
                raise More
            back = 0
            while text[end - 1 - back] == "\\":
                back += 1
            if back % 2 == 0:
                break
            end += 1
        parts.append((_QUOTED, ansi_c(text[i + 1 : end])))
        lexer.pos = end + 1


def backquote(lexer, parts, quoted):
    """Read `...`, in which a backslash keeps its meaning only before $ ` and itlexer (POSIX 2.6.3)."""
    text = lexer.text
    i = lexer.pos + 1
    out = []
    while True:
        c = text[i : i + 1]
        if not c:
            raise More
        if c == "`":
            break
        if c == "\\":
            c = text[i + 1 : i + 2]
            if c not in ("$", "`", "\\") and not (quoted and c == '"'):
                c = "\\" + c
            i += 1
        out.append(c)
        i += 1
    parts.append([_COMMAND, quoted, "".join(out), lexer.line])
    lexer.pos = i + 1


def brace(lexer, parts, quoted, text):
    """Take apart the inside of ${ }."""
    if text == "#" or (text[:1] == "#" and len(text) > 1 and text[1] not in "-=+?%#:"):
        name = text[1:] or "#"
        op = "len" if text != "#" else ""
        rest = ""
    else:
        i = 0
        if text[:1] and text[0] in NAME1:
            while i < len(text) and text[i] in NAME:
                i += 1
        elif text[:1].isdigit():
            while i < len(text) and text[i].isdigit():
                i += 1
        elif text[:1] and text[0] in _PARAM1:
            i = 1
        name = text[:i]
        rest = text[i:]
        op = ""
        if rest:
            op = rest[:2]
            if op not in (":-", ":=", ":?", ":+", "##", "%%", "//"):
                op = rest[0]
                if op not in "-=?+#%/:":
                    raise lexer.error("${" + text + "}: bad substitution")
            rest = rest[len(op) :]
    if not name or (op == "len" and not (is_name(name) or name in _PARAM1 or name.isdigit())):
        raise lexer.error("${" + text + "}: bad substitution")
    if op:
        parts.append([_PARAM, quoted, name, op, rest, lexer.line])
    else:
        parts.append([_VAR, quoted, name])


def parse_word(text, quoted, line):
    """The word that text is inside ${ }: unquoted, or as in double quotes."""
    lexer = Lexer(text, line)
    if quoted:
        parts = []
        lexer.double(parts, "")
        return parts
    return lexer.word("$`'\"\\*?[~", "}")
