# Simple commands: words, assignments and redirections to a node. The part of the parser that every line needs.

from shell.lexer import SAFE, is_name

_PLAIN = " " + SAFE + "\t\n"  # what lines of nothing but words are made of
_NOT_COMMANDS = ("function", "time", "select", "coproc")  # and the reserved words of shell.parser
_DECLARES = ("export", "readonly", "local", "typeset", "declare")  # their operands are assignments


def plain(word):
    """The text of a word and whether any of it was quoted; for delimiters and names."""
    if isinstance(word, str):
        return word, False
    text = ""
    quoted = False
    for part in word:
        if isinstance(part, str):
            text += part
        elif part[0] == "quoted":
            text += part[1]
            quoted = True
        else:
            return None, True
    return text, quoted


def words(line):
    """The words of a line in which nothing is special, as most of a script's are; None for any other."""
    if line.lstrip(_PLAIN):  # in C: several times as quick as character by character
        return None
    words = line.split()
    if words and words[0] not in _NOT_COMMANDS and not words[0].startswith(":"):
        return words
    return None


def substitutes(lexer):
    """True at a < or > that begins a process substitution."""
    return lexer.kind == "operator" and lexer.value in ("<", ">") and lexer.text[lexer.pos : lexer.pos + 1] == "("


def redirection(p, redirs):
    """Append the redirection that begins at this token; False where none does."""
    lexer = p.lexer
    fd = None
    if lexer.kind == "number":
        fd = int(lexer.value) if lexer.value[0] != "{" else lexer.value[1:-1]
        if p.next():
            yield p.more()
    elif lexer.kind != "operator" or lexer.value[0] not in "<>&" or lexer.value in ("&", "&&"):
        return False
    op = lexer.value
    if p.next():
        yield p.more()
    if lexer.kind not in ("word", "number"):
        if not substitutes(lexer):
            raise p.unexpected(f"a word after {op}")

        from shell.substitution import process_substitution  # late: rare

        yield process_substitution(p)
        redirs.append((op + "(", (op[0] == ">") + 0 if fd is None else fd, lexer.value))
        if p.next():
            yield p.more()
        return True
    word = lexer.value
    if fd is None:
        fd = 0 if op[0] == "<" else 1
    if op in ("<<", "<<-"):
        text, quoted = plain(word)
        if text is None:
            text = raw = lexer.text[lexer.start : lexer.pos]
            if "(" in text or "`" in text:
                raise lexer.error("command substitution in a here-document delimiter")
            for c in "\\\"'":
                text = text.replace(c, "")
            quoted = text != raw
        redir = [op, fd, text, quoted, None]
        p.heredocs.append(redir)
    else:
        redir = (op, fd, word)
    redirs.append(redir)
    if p.next():
        yield p.more()
    return True


def command(p):
    """A simple command, a function definition or `AT+...`."""
    lexer = p.lexer
    line = lexer.line
    assigns = []
    words = []
    redirs = []
    while True:
        kind = lexer.kind
        if kind == "word":
            word = lexer.value
            if not words:
                first = word if isinstance(word, str) else word[0] if word else ""
                at = first.find("=") if isinstance(first, str) else -1
                item = None
                if at > 0 and is_name(first[: at - 1] if first[at - 1] == "+" else first[:at]):
                    value = first[at + 1 :]
                    if word is not first:
                        value = value_of(([value] if value else []) + word[1:])
                    elif not value and lexer.text[lexer.pos : lexer.pos + 1] == "(":
                        from shell import assignment  # late: rare

                        value = yield assignment.parse(p)
                    item = (first[:at], value)
                elif word is not first and first and isinstance(first, str) and "[" in first[1:]:
                    from shell import assignment  # late: rare

                    item = assignment.element(word)
                if item:
                    assigns.append(item)
                    if p.next():
                        yield p.more()
                    continue
                if isinstance(first, str) and first[:3] == "AT+":
                    words = modem_command(lexer)
                    if p.next():
                        yield p.more()
                    continue
                if (assigns or redirs) and p.is_alias():
                    yield p.replace_alias()
                    continue
            elif words[words[0] == "command"] in _DECLARES if len(words) > 1 else words[0] in _DECLARES:
                word = yield declared(p, word)
            add_word(words, word)
            if p.next():
                yield p.more()
            if len(words) == 1 and p.is_op("(") and not assigns and not redirs:
                from shell import compound  # late: only for a function

                return (yield compound.function(p, word, line))
        elif words and substitutes(lexer):
            from shell.substitution import process_substitution  # late: rare

            yield process_substitution(p)
        elif not (yield redirection(p, redirs)):
            break
    if not words and not assigns and not redirs and not lexer.marks:
        raise p.unexpected("a command")
    return ("simple", line, tuple(assigns), tuple(words), tuple(redirs))


def add_word(words, word):
    """Add a word, or those that its braces make of it."""
    for part in (word,) if isinstance(word, str) else word:
        if isinstance(part, str) and "{" in part and word != "{":
            from shell import brace  # late: rare

            words.extend(brace.words(word))
            return
    words.append(word)


def value_of(word):
    """The value of an assignment, in which a tilde has its meaning behind colons, too."""
    for part in word:
        if "~" in (part if isinstance(part, str) else part[4] if part[0] == "param" else ""):
            from shell import assignment  # late: rare

            return assignment.value(word)
    return word


def declared(p, word):
    """An operand of export and the like: what follows its = is neither split nor globbed, or an array; a generator."""
    lexer = p.lexer
    if isinstance(word, str) and (word[-1] != "=" or lexer.text[lexer.pos : lexer.pos + 1] != "("):
        return word
    from shell import assignment  # late: rare

    if isinstance(word, str):
        return assignment.operand(p, word)
    return assignment.declared(word)
    yield


def modem_command(lexer):
    """The words for a line AT+..., which is read to its end."""
    end = lexer.text.find("\n", lexer.start)
    lexer.pos = end if end >= 0 else len(lexer.text)
    return ["atmodem", [("quoted", lexer.text[lexer.start : lexer.pos].strip())]]
