# [[ ]]: read and evaluated, with [[ text =~ expression ]]. Loaded with the first of them, and without shell/bashisms.py, of
# which scripts with [[ ]] need nothing.

from base.errors import Failure, Usage
from base.modules import preload
from shell import expand
from shell.lexer import _PARAM1, NAME1, Lexer, More

_BINARY = "= == != =~ -eq -ne -lt -le -gt -ge -nt -ot -ef"


def rule(p):
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
                words[-1] = "=~"
                words.append((yield read_expression(p)))
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


def visit_cond(shell, node):
    shell.line = node[1]
    try:
        value = yield condition(shell, node[2])
    except Failure as e:
        shell.complain("[[", e)
        return e.status
    status = 0 if value else 1
    shell.failed(status)
    return status


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
            raise Usage("operand expected")
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
                raise Usage("operator expected", op or "word")
            # what waits and binds as tightly, or is closed by this
            while stack and isinstance(stack[-1], tuple) and not (op == "&&" and stack[-1][1] == "||"):
                left, joint, decided = stack.pop()
                skip -= decided
                value = left and value if joint == "&&" else left or value
            if op != ")":
                break
            if i >= n:
                if stack:
                    raise Usage("missing )")
                return value
            if not stack or stack[-1] != "(":
                raise Usage("unexpected", ")")
            stack.pop()
            i += 1
        decided = int(value == (op == "||"))
        skip += decided
        stack.append((value, op, decided))
        i += 1


def operand(shell, words, i, skip):
    """(value, index behind) of the test at i; with skip nothing is expanded or looked at."""
    from shell import test  # late: the parser has no use for it

    n = len(words)
    op = text_of(words[i + 1]) if i + 1 < n else ""
    if op in ("<", ">") or op in _BINARY.split():
        if i + 2 < n and text_of(words[i + 2]) not in ("&&", "||", ")"):
            if skip:
                return False, i + 3
            left = yield single(shell, words[i])
            if op in ("=", "==", "!="):
                from text import pattern  # late: only for patterns

                glob = yield expand.pattern_of(shell, words[i + 2])
                if "nocasematch" in shell.options:
                    glob, left = glob.lower(), left.lower()
                return pattern.match(glob, left) == (op != "!="), i + 3
            if op == "=~":
                return (yield matches(shell, left, words[i + 2])), i + 3
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
            from shell import arrays  # late: only for -v

            return arrays.is_set(shell, word), i + 2
        return test.evaluate([first, word]), i + 2
    if isinstance(words[i], tuple):
        raise Usage("operand expected", first)
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


HANDLERS = {"condition": visit_cond}


# --- [[ text =~ expression ]]


_SPECIAL = "\\.[]*^$+?(){}|"  # in an expression
_last = [None, None]  # the expression used last, and its Finder: loops use one many times


def read_expression(p):
    """The word of the expression behind =~, in which ( ) | and the like are plain characters; a generator."""
    lexer = p.lexer
    while True:
        try:
            word, lexer.pos = expression(lexer.text, lexer.pos, lexer.line)
            return word
        except More:
            line = ""
            if p.read:
                line = yield p.read()
            if not line:
                raise p.lexer.error("expected an expression after =~")
            lexer.add(line)


def expression(text, i, line):
    """(word, index behind) of the expression that begins behind the blanks at i."""
    from shell.substitution import closing  # late: most expressions have no substitution

    while text[i : i + 1] in (" ", "\t"):
        i += 1
    word = []
    start = i
    depth = 0
    while True:
        c = text[i : i + 1]
        if not c:
            raise More
        if (c in " \t\n" or c == ")") and not depth:
            break
        if c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
        elif c == "\\":
            i += 1
        elif c in "'\"`":
            i = text.find(c, i + 1)
            if i < 0:
                raise More
        elif c == "$":
            c = text[i + 1 : i + 2]
            if c == "{" or c == "(":
                i = closing(text, i + 2, "}" if c == "{" else ")")
            elif c == "" or c not in NAME1 + _PARAM1 + "'":  # the end of the line
                add(word, text[start:i], line)
                word.append("$")
                start = i + 1
        i += 1
    add(word, text[start:i], line)
    if not word:
        raise Usage("expression expected", "=~")
    return word, i


def add(word, text, line):
    """Add text to a word with all its expansions."""
    if text:
        parts = Lexer(text, line).word(b"$`'\"\\", "}")
        if isinstance(parts, str):
            word.append(parts)
        else:
            word.extend(parts)


def matches(shell, text, word):
    """True where the word as an expression matches in text; BASH_REMATCH has what did. A generator."""
    from shell import arrays  # late: the result is one

    f = expand.Fields(shell, True)
    yield expand.add_parts(f, [word] if isinstance(word, str) else word, False)
    pieces = f.pieces or []
    source = []
    for i in range(0, len(pieces), 2):
        piece = pieces[i]
        if pieces[i + 1]:
            piece = "".join(["\\" + c if c in _SPECIAL else c for c in piece])
        source.append(piece)
    source = ("".join(source), "nocasematch" in shell.options)
    if _last[0] != source:
        preload("regex.parser", "regex.engine")
        from regex.finder import Finder  # late: few expressions need it

        _last[1] = Finder(source[0], True, source[1])
        _last[0] = source
    data = text.encode()
    found = _last[1].search(data)
    array = arrays.Array()
    for i in range(0, len(found or ()), 2):
        begin = found[i]
        array.set(i // 2, str(data[begin : found[i + 1]], "utf-8") if begin is not None and begin >= 0 else "")
    shell.assign("BASH_REMATCH", array)
    return found is not None
