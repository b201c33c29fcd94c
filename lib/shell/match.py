# [[ text =~ expression ]]: read the expression as it stands, and match it. Loaded with the first one.

from regex import parser  # noqa: F401, I001  (leaves first: an import inside another needs much stack)
from regex import engine  # noqa: F401
from regex.finder import Finder
from base.errors import Failure
from shell import arrays, expand
from shell.lexer import _PARAM1, NAME1, Lexer, More
from shell.substitution import closing

_SPECIAL = "\\.[]*^$+?(){}|"  # in an expression

_last = [None, None]  # the expression used last, and its Finder: loops use one many times


def read(p):
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
        raise Failure("=~", "expression expected")
    return word, i


def add(word, text, line):
    """Add text to a word with all its expansions."""
    if text:
        parts = Lexer(text, line).word(b"$`'\"\\", "}")
        if isinstance(parts, str):
            word.append(parts)
        else:
            word.extend(parts)


def test(shell, text, word):
    """True where the word as an expression matches in text; BASH_REMATCH has what did. A generator."""
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
