# The grammar of compound commands: if, while, until, for, case, { }, ( ) and functions; and upyOS's one-line if.
# Loaded when the first of them is met; shell/bashisms.py and shell/conditional.py have that of bash's.


from shell.lexer import More, is_name
from shell.simple import add_word, plain

_OPERATORS = ("==", "!=", "<=", ">=", "<", ">", "in")


def if_rule(p):
    line = p.lexer.line
    arms = []
    other = None
    while True:
        if p.next():
            yield p.more()
        test = p.body((yield p.list("lines")), "a command after 'if'")
        yield p.expect("then")
        body = p.body((yield p.list("lines")), "a command after 'then'")
        arms.append((test, body))
        if not p.is_word("elif"):
            break
    if p.is_word("else"):
        if p.next():
            yield p.more()
        other = p.body((yield p.list("lines")), "a command after 'else'")
    yield p.expect("fi")
    return ("if", line, tuple(arms), other)


def loop_rule(p):
    line = p.lexer.line
    until = p.lexer.value == "until"
    if p.next():
        yield p.more()
    test = p.body((yield p.list("lines")), "a command after 'while'")
    body = yield do_group(p)
    return ("loop", line, test, body, until)


def do_group(p):
    yield p.expect("do")
    body = p.body((yield p.list("lines")), "a command after 'do'")
    yield p.expect("done")
    return body


def for_rule(p):
    line = p.lexer.line
    if p.next():
        yield p.more()
    if p.is_op("(") and (yield is_math(p)):
        from shell import bashisms  # late: rare

        return bashisms.for_math_rule(p, line)
    if p.lexer.kind != "word" or not is_name(p.lexer.value if isinstance(p.lexer.value, str) else ""):
        raise p.unexpected("a name after 'for'")
    name = p.lexer.value
    if p.next():
        yield p.more()
    yield p.newlines()
    words = None
    if p.is_word("in"):
        words = []
        if p.next():
            yield p.more()
        while p.lexer.kind == "word":
            add_word(words, p.lexer.value)
            if p.next():
                yield p.more()
        if p.lexer.kind != "newline" and not p.is_op(";"):
            raise p.unexpected("';' or a newline")
    if p.is_op(";"):
        if p.next():
            yield p.more()
    yield p.newlines()
    body = yield (group_body if p.is_word("{") else do_group)(p)
    return ("for", line, name, words and tuple(words) if words is None or words else (), body)


def case_rule(p):
    line = p.lexer.line
    if p.next():
        yield p.more()
    if p.lexer.kind != "word":
        raise p.unexpected("a word after 'case'")
    word = p.lexer.value
    if p.next():
        yield p.more()
    yield p.newlines()
    yield p.expect("in")
    yield p.newlines()
    items = []
    while not p.is_word("esac"):
        if p.is_op("("):
            if p.next():
                yield p.more()
        patterns = []
        while True:
            if p.lexer.kind != "word":
                raise p.unexpected("a pattern or 'esac'")
            patterns.append(p.lexer.value)
            if p.next():
                yield p.more()
            if not p.is_op("|"):
                break
            if p.next():
                yield p.more()
        if not p.is_op(")"):
            raise p.unexpected("')'")
        if p.next():
            yield p.more()
        body = yield p.list("lines")
        go = False
        if p.lexer.kind == "operator" and p.lexer.value in (";;", ";&", ";;&"):
            go = p.lexer.value
            if p.next():
                yield p.more()
            yield p.newlines()
        elif not p.is_word("esac"):
            raise p.unexpected("';;' or 'esac'")
        items.append((tuple(patterns), body, go))
    if p.next():
        yield p.more()
    return ("case", line, word, tuple(items))


def group_rule(p):
    line = p.lexer.line
    body = yield group_body(p)
    return ("group", line, body)


def group_body(p):
    if p.next():
        yield p.more()
    body = p.body((yield p.list("lines")), "a command after '{'")
    yield p.expect("}")
    return body


def is_math(p):
    """At a parenthesis, true where it begins (( expression )), which is read then: the text is in p.compared."""
    lexer = p.lexer
    while lexer.text[lexer.pos : lexer.pos + 1] == "(":
        from shell import bashisms  # late: rare

        try:
            p.compared = bashisms.math_text(p)
            return p.compared is not None
        except More:
            line = ""
            if p.read:
                line = yield p.read()
            if not line:
                break
            lexer.add(line)
    return False


def paren_rule(p):
    """( list ), or (( expression ))."""
    if (yield is_math(p)):
        from shell import bashisms  # late: rare

        return bashisms.math_rule(p)
    return subshell_rule(p)


def condition_rule(p):
    """[[ ]]."""
    from shell import conditional  # late: rare

    return conditional.rule(p)
    yield


def subshell_rule(p):
    line = p.lexer.line
    if p.next():
        yield p.more()
    body = p.body((yield p.list("lines")), "a command after '('")
    if not p.is_op(")"):
        raise p.unexpected("')'")
    if p.next():
        yield p.more()
    return ("subshell", line, body)


def function(p, word, line):
    """name ( ) body, with the token on the parenthesis."""
    name = plain(word)[0]
    if p.next():
        yield p.more()
    if not p.is_op(")") or not name:
        raise p.unexpected("')'")
    if p.next():
        yield p.more()
    yield p.newlines()
    body = yield p.pipeline(True)
    return ("function", line, name, body)


def is_function_word(p):
    """True where `function` is followed by a name: as ksh and bash define functions."""
    rest = p.lexer.text[p.lexer.pos :].split("\n", 1)[0].split(None, 1)
    return bool(rest) and is_name(rest[0].split("(", 1)[0].rstrip("{"))


def function_rule(p):
    """`function name { ... }`."""
    line = p.lexer.line
    if p.next():
        yield p.more()
    word = p.lexer.value
    if p.next():
        yield p.more()
    if p.is_op("("):
        return (yield function(p, word, line))
    yield p.newlines()
    body = yield p.pipeline(True)
    return ("function", line, plain(word)[0], body)


def comparison(p):
    """(left, op, right) of upyOS's `if A op B command` on one line; None (and nothing read) for the if of POSIX."""
    lexer = p.lexer
    state = (lexer.pos, lexer.line, lexer.start)
    try:
        lexer.next()
        if lexer.kind == "word":
            left = lexer.value
            rest = lexer.text[lexer.pos :].split("\n", 1)[0].split(None, 1)
            if len(rest) == 2 and rest[0] in _OPERATORS and lexer.text[lexer.pos] in " \t":
                lexer.pos = lexer.text.find(rest[0], lexer.pos) + len(rest[0])
                lexer.next()
                if lexer.kind == "word":
                    right = lexer.value
                    behind = lexer.text[lexer.pos :].split("\n", 1)[0].strip()
                    if behind and behind[0] not in ";&|#)" and behind.split(None, 1)[0] != "then":
                        return left, rest[0], right
    except More:
        pass
    lexer.pos, lexer.line, lexer.start = state
    lexer.kind = "word"
    lexer.value = "if"
    return None


def compare_rule(p):
    """The command of a comparison that comparison() has just read."""
    left, op, right = p.compared
    line = p.lexer.line
    if p.next():
        yield p.more()
    command = yield p.list("one")
    if p.is_op("&"):
        number = p.number()
        if number is not None:
            command = ("every", line, command, number, False)
        else:
            command = ("list", line, ((command, True),))
        if p.next():
            yield p.more()
    return ("compare", line, left, op, right, command)


def rule(p, word):
    """The rule for a reserved word or "("; None for one that begins nothing."""
    if word == "if":
        p.compared = comparison(p)
        return compare_rule if p.compared else if_rule
    if word == "function":
        return function_rule if is_function_word(p) else None
    if word == "select":
        from shell import bashisms  # late: rare

        return bashisms.select_rule if is_function_word(p) else None
    if word == "coproc":
        from shell import descriptors  # late: rare

        return descriptors.coproc_rule
    return RULES.get(word)


RULES = {
    "while": loop_rule,
    "until": loop_rule,
    "for": for_rule,
    "case": case_rule,
    "{": group_rule,
    "(": paren_rule,
    "[[": condition_rule,
}
