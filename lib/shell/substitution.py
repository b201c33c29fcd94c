# Substitutions in words: $( ), $(( )), ${ }, $' ' and ` `, and extended patterns, +(a|b) and its like. The part of the lexer
# that the first of them loads.

from shell.lexer import _PARAM1, NAME, NAME1, Lexer, More, ShellSyntaxError, is_name

_LETTERS = b"abcdefghijklmnopqrstuvwxyz"


_WORDS = (b"then", b"do", b"else", b"elif", b"if", b"while", b"until", b"time")  # a command may begin behind them


def closing(text, i, close):
    """The index of what closes the substitution opened before index i. Raises More where the text ends first.

    close is ) for $( ), A for $(( )), } for ${ }, and Q for a ${ } in double quotes, where ' is any character.
    Knows quotes, comments, here-documents and the patterns of case.
    """
    data = text.encode()  # an index into bytes costs the same everywhere
    n = len(data)
    wide = n != len(text)
    if wide:
        i = len(text[:i].encode())
    stack = [close]  # besides those above: " `, C for the patterns of a case and B for what follows one of them
    command = True  # a command may begin here
    docs = []  # (delimiter, without tabs) of the here-documents that begin behind this line
    while i < n:
        c = data[i]
        top = stack[-1]
        if c == 92:  # backslash
            i += 2
            command = False
            continue
        if top == "`" or c == 96:
            if top != "`":
                stack.append("`")
            elif c == 96:
                stack.pop()
        elif c == 34:  # "
            if top == '"':
                stack.pop()
            else:
                stack.append('"')
            command = False
        elif c == 36 and i + 1 < n and data[i + 1] in b"({":  # $
            i, command = opened(data, i + 1, stack, command)
        elif top == '"':
            pass
        elif c == 39 and top != "Q":  # '
            i = data.find(b"'", i + 1)
            if i < 0:
                raise More
            command = False
        elif top == "Q" or top == "}":
            if c == 125:
                stack.pop()
        elif top == "A":
            if c == 40:
                stack.append("A")
            elif c == 41:
                stack.pop()
        elif c in _LETTERS:
            i, command = word(data, i, stack, command)
            continue
        else:
            i, command = sign(data, i, stack, docs, command)
        if not stack:
            return len(str(data[:i], "utf-8")) if wide else i
        i += 1
    raise More


def opened(data, i, stack, command):
    """Go into the substitution whose bracket behind the dollar sign is at i: (its last index, may a command begin)."""
    if data[i] == 123:
        stack.append("Q" if stack[-1] in '"Q' and not cuts(data, i + 1) else "}")
    elif data[i + 1 : i + 2] == b"(":
        stack.extend("AA")
        i += 1
    else:
        stack.append(")")
        command = True
    return i, command


def word(data, i, stack, command):
    """Take the letters at i: (index behind them, may a command begin there). `case` and `esac` are what matters."""
    n = len(data)
    start = i
    while i < n and data[i] in _LETTERS:
        i += 1
    word = data[start:i]
    if i == n or data[i] not in b" \t\n;&|()":
        return i, False
    if word == b"case" and command:
        stack.append("C")
        return i, False
    if word == b"esac" and (stack[-1] == "C" or (stack[-1] == "B" and command)):
        stack.pop()
        return i, False
    return i, command and word in _WORDS


def sign(data, i, stack, docs, command):
    """Take what stands at i outside of words and quotes: (its last index, may a command begin behind it)."""
    c = data[i]
    if c == 40:
        if command and data[i + 1 : i + 2] == b"(":
            stack.extend("AA")
            return i + 1, True
        stack.append(")")
        return i, True
    if c == 41:
        if stack[-1] == "C":
            stack[-1] = "B"
            return i, True
        stack.pop()
        return i, False
    if c == 10:
        return behind_documents(data, i, docs) if docs else i, True
    if c in b";&|{!":
        if c == 59 and stack[-1] == "B" and data[i + 1 : i + 2] in (b";", b"&"):
            stack[-1] = "C"
            i += 1
        return i, True
    if c == 60 and data[i + 1 : i + 2] == b"<":
        return document(data, i + 2, docs) - 1, command
    if c == 35 and data[i - 1] in b" \t\n;&|(":  # a comment
        i = data.find(b"\n", i)
        if i < 0:
            raise More
        return i - 1, command
    return i, command and c in b" \t"


def cuts(data, i):
    """True where the ${ } whose name begins at i has an operator with a pattern, in which quotes quote."""
    n = len(data)
    start = i
    while i < n and (bytes((data[i],)).isalpha() or bytes((data[i],)).isdigit() or data[i] == 95):
        i += 1
    if i == start:
        i += 1
    return i < n and data[i] in b"#%/"


def document(data, i, docs):
    """Take the delimiter of the here-document whose << is before i; returns the index behind."""
    n = len(data)
    if i < n and data[i] == 60:  # <<<
        return i + 1
    strip = i < n and data[i] == 45
    if strip:
        i += 1
    while i < n and data[i] in b" \t":
        i += 1
    start = i
    quote = 0
    while i < n and (quote or data[i] not in b" \t\n;&|<>()"):
        c = data[i]
        if c == quote:
            quote = 0
        elif not quote and c in b"'\"":
            quote = c
        elif c == 92:
            i += 1
        i += 1
    word = data[start:i]
    for c in (b"'", b'"', b"\\"):
        word = word.replace(c, b"")
    docs.append((word, strip))
    return i


def behind_documents(data, i, docs):
    """The index of the newline that ends the last of the here-documents which begin behind the newline at i."""
    for word, strip in docs:
        while True:
            start = i + 1
            i = data.find(b"\n", start)
            if i < 0:
                raise More
            line = data[start:i]
            if (line.lstrip(b"\t") if strip else line) == word:
                break
    docs.clear()
    return i


def dollar(lexer, parts, quoted):
    """Read $( ), $(( )), ${ } or $' ' at pos."""
    text = lexer.text
    i = lexer.pos + 1
    c = text[i]
    if c == "(":
        text = joined(lexer, i + 1)
        if text[i + 1 : i + 2] == "(":
            end = closing(text, i + 2, "A")
            text = joined(lexer, end + 1)
            if text[end + 1 : end + 2] == ")":
                inner = Lexer(text[i + 2 : end], lexer.line)
                word = []
                inner.double(word, "")
                parts.append(["arith", quoted, word])
                lexer.line += text[i:end].count("\n")
                lexer.pos = end + 2
                return
        end = closing(text, i + 1, ")")
        parts.append(["command", quoted, text[i + 1 : end], lexer.line])
        lexer.line += text[i:end].count("\n")
        lexer.pos = end + 1
    elif c == "{":
        end = closing(text, i + 1, "Q" if quoted and not cuts(text[i + 1 : i + 66].encode(), 0) else "}")
        brace(lexer, parts, quoted, text[i + 1 : end])
        lexer.line += text[i:end].count("\n")
        lexer.pos = end + 1
    else:
        from text.quoting import ansi_c  # late: rare

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
        parts.append(("quoted", ansi_c(text[i + 1 : end])))
        lexer.line += text[i:end].count("\n")
        lexer.pos = end + 1


def joined(lexer, i):
    """The text of the lexer, without line continuations at index i."""
    while lexer.text[i : i + 2] == "\\\n":
        lexer.cut(i)
    return lexer.text


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
    parts.append(["command", quoted, "".join(out), lexer.line])
    lexer.pos = i + 1


def brace(lexer, parts, quoted, text):
    """Take apart the inside of ${ }."""
    if "\\\n" in text and "'" not in text:
        text = text.replace("\\\n", "")
    if "[" in text or (text[:1] == "!" and len(text) > 1):
        from shell import reference  # late: rare

        part = reference.part_of(lexer, quoted, text)
        if part:
            parts.append(part)
            return
    if text == "#" or (text[:1] == "#" and len(text) > 1 and (len(text) == 2 or text[1] not in "-=+?%#:")):
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
            if op not in (":-", ":=", ":?", ":+", "##", "%%", "//", "^^", ",,", "~~") and (op[0] != "@" or op != rest):
                op = rest[0]
                if op not in "-=?+#%/:^,~":
                    name = ""
            rest = rest[len(op) :]
    if (
        not name
        or (op == ":" and not rest)
        or (op == "len" and not (is_name(name) or name in _PARAM1 or name.isdigit()))
    ):
        name, op, rest = "", text, ""  # an error of the expansion, and not of the syntax: the rest of a script may run
    if op or not name:
        parts.append(["param", quoted, name, op, rest, lexer.line])
    else:
        parts.append(["var", quoted, name])


def parse_text(text, line):
    """The word that a here-document is."""
    parts = []
    try:
        Lexer(text, line).double(parts, "")
    except More:
        raise ShellSyntaxError(line, "a substitution in a here-document does not end")
    return parts


def parse_word(text, quoted, line):
    """The word that text is inside ${ }: unquoted, or as in double quotes."""
    lexer = Lexer(text, line)
    try:
        if quoted:
            parts = []
            lexer.double(parts, "}")
            return parts
        return lexer.word(b"$`'\"\\*?[~", "}")
    except More:
        raise lexer.error("unterminated quote or substitution")


# --- extended patterns; text/extglob.py matches them


_BEFORE = ("if", "then", "elif", "else", "while", "until", "do", "{", "!", "time")  # a command begins behind them


def extended_pattern(lexer, start, i):
    """The parts for the text from start on with the group whose parenthesis is at i, and go behind it; None for no group."""
    if lexer.data[i - 1] == 33 and i - 1 == lexer.start:
        # `!(a)`: behind a word an operand, else a command that is negated
        if lexer.kind != "word" or lexer.value in _BEFORE:
            return None
    text = lexer.text
    end = closing(text, i + 1, ")") + 1
    if end == i + 2:
        return None  # f@() { ... }
    group = Lexer(text[i:end], lexer.line).word(b"$`'\"\\*?[~", "}")
    lexer.line += text[i:end].count("\n")
    lexer.pos = end
    return [text[start:i]] + ([group] if isinstance(group, str) else group)


def process_substitution(p):
    """Make a word of the token < or > and the parenthesis behind it: <( ) or >( ); a generator."""
    lexer = p.lexer
    while True:
        try:
            end = closing(lexer.text, lexer.pos + 1, ")")
            break
        except More:
            line = ""
            if p.read:
                line = yield p.read()
            if not line:
                raise lexer.error("expected ), found end of file")
            lexer.change(lexer.text + line)
    text = lexer.text[lexer.pos + 1 : end]
    lexer.value = [["command", True, text, lexer.line, lexer.value]]
    lexer.kind = "word"
    lexer.line += text.count("\n")
    lexer.pos = end + 1
