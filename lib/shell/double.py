# What other shells have besides POSIX: time, (( )), [[ ]], for (( ; ; )) and select. Loaded with the first of them.

from time import ticks_diff, ticks_ms

from micropython import const

from base.errors import Failure
from shell import expand
from shell.lexer import Lexer
from shell.substitution import closing

_SLICE_MS = const(20)  # a loop that waits for nothing gives way after this time


def expression(p):
    """The text of (( )), the token being its first parenthesis, and the token behind; None where it is ( (."""
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
    """(( expression )) that expression() has read."""
    line = p.lexer.line
    text = p.compared
    if p.next():
        yield p.more()
    return ("math", line, word_of(text, line))


def for_rule(p, line):
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
    from shell import compound

    body = yield (compound.group_body if p.is_word("{") else compound.do_group)(p)
    return ("for_math", line, parts, body)


def select_rule(p):
    """select name in words; do ...: as for."""
    from shell import compound

    node = yield compound.for_rule(p)
    return ("select",) + node[1:]


def cond_rule(p):
    """[[ words ]]: operators and words as they stand; what an operator is, is decided when it runs."""
    lexer = p.lexer
    line = lexer.line
    words = []
    while True:
        if p.next():
            yield p.more()
        if lexer.kind == "word" or lexer.kind == "number":
            if lexer.value == "]]":
                break
            words.append(lexer.value)
            if lexer.value == ["=~"]:
                from shell import match  # late: rare

                words[-1] = "=~"
                words.append((yield match.read(p)))
        elif lexer.kind == "operator" and lexer.value in ("&&", "||", "(", ")", "<", ">"):
            words.append((lexer.value,))
        elif lexer.kind == "newline":
            continue
        else:
            raise p.unexpected("']]'")
    if not words:
        raise p.unexpected("an expression")
    if p.next():
        yield p.more()
    return ("condition", line, tuple(words))


# --- running


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
    from shell import flow

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

    return flow.cycle(shell, body, more)


def visit_cond(shell, node):
    shell.line = node[1]
    try:
        value = yield condition(shell, node[2])
    except Failure as e:
        shell.complain("[[", e)
        return 2
    status = 0 if value else 1
    shell.failed(status)
    return status


_BINARY = "= == != =~ -eq -ne -lt -le -gt -ge -nt -ot -ef"


def text_of(word):
    """A word as an operator would be written; "" for one that is quoted."""
    return word if isinstance(word, str) else word[0] if isinstance(word, tuple) else ""


def condition(shell, words):
    """The truth of [[ words ]]: && binds tighter than ||, and neither looks at its right side in vain."""
    stack = []  # "(", "!", (value, op) that wait
    skip = 0  # how many of those decide without what follows
    i = 0
    n = len(words)
    while True:
        if i >= n:
            raise Failure("", "operand expected")
        op = text_of(words[i])
        if (
            i + 1 < n
            and op in ("!", "(")
            and not (op == "!" and i + 2 < n and text_of(words[i + 1]) in _BINARY.split())
        ):
            stack.append(op)
            i += 1
            continue
        value, i = yield operand(shell, words, i, skip)
        while True:
            while stack and stack[-1] == "!":
                stack.pop()
                value = not value
            op = text_of(words[i]) if i < n else ")"
            if op not in ("&&", "||", ")"):
                raise Failure(op or "word", "operator expected")
            # what waits and binds as tightly, or is closed by this
            while stack and isinstance(stack[-1], tuple) and not (op == "&&" and stack[-1][1] == "||"):
                left, joint, decided = stack.pop()
                skip -= decided
                value = left and value if joint == "&&" else left or value
            if op != ")":
                break
            if i >= n:
                if stack:
                    raise Failure("", "missing )")
                return value
            if not stack or stack[-1] != "(":
                raise Failure(")", "unexpected")
            stack.pop()
            i += 1
        decided = int(value == (op == "||"))
        skip += decided
        stack.append((value, op, decided))
        i += 1


def operand(shell, words, i, skip):
    """(value, index behind) of the test at i; with skip nothing is expanded or looked at."""
    from text import test

    n = len(words)
    op = text_of(words[i + 1]) if i + 1 < n else ""
    if op in ("<", ">") or op in _BINARY.split():
        if i + 2 < n and text_of(words[i + 2]) not in ("&&", "||", ")"):
            if skip:
                return False, i + 3
            left = yield single(shell, words[i])
            if op in ("=", "==", "!="):
                from text import pattern

                glob = yield expand.pattern_of(shell, words[i + 2])
                if "nocasematch" in shell.options:
                    glob, left = glob.lower(), left.lower()
                return pattern.match(glob, left) == (op != "!="), i + 3
            if op == "=~":
                from shell import match  # loaded already

                return (yield match.test(shell, left, words[i + 2])), i + 3
            right = yield single(shell, words[i + 2])
            if op[0] == "-" and op[1] in "enlg" and op not in ("-nt", "-ef"):
                left, right = str(shell.arith(left)), str(shell.arith(right))
            return test.evaluate([left, op, right]), i + 3
    first = text_of(words[i])
    if (
        len(first) == 2
        and first[0] == "-"
        and op not in ("&&", "||", ")", "")
        or (first[:1] == "-" and i + 1 < n and not op)
    ):
        if skip:
            return False, i + 2
        word = yield single(shell, words[i + 1])
        if first == "-v":
            from shell import arrays

            return arrays.is_set(shell, word), i + 2
        return test.evaluate([first, word]), i + 2
    if isinstance(words[i], tuple):
        raise Failure(first, "operand expected")
    if skip:
        return False, i + 1
    word = yield single(shell, words[i])
    return word != "", i + 1


def single(shell, word):
    """A word as one string; a generator."""
    text = expand.single(shell, word)
    if not isinstance(text, str):
        text = yield text
    return text


def visit_select(shell, node):
    from shell import select

    return select.visit(shell, node)


HANDLERS = {
    "time": visit_time,
    "math": visit_math,
    "condition": visit_cond,
    "for_math": visit_for_math,
    "select": visit_select,
}
