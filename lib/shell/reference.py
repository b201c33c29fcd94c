# How elements of arrays and variables by their names are read: ${a[i]}, ${!name}. Loaded with the first of them.
#
# The part of a word is one of nine: ["param", quoted, name, op, word, line, subscript, indirect, 0].

from shell.lexer import Lexer, is_name


def behind_bracket(text, i):
    """The index behind the ] that closes the [ at i; 0 where none does."""
    depth = 0
    for at in range(i, len(text)):
        depth += (text[at] == "[") - (text[at] == "]")
        if not depth:
            return at + 1
    return 0


def part_of(lexer, quoted, text):
    """The part for the inside of a ${ } that begins with ! or has a subscript; None where it makes no sense."""
    length = text[0] == "#"
    indirect = text[0] == "!"
    i = start = int(length or indirect)
    while i < len(text) and (text[i].isalpha() or text[i].isdigit() or text[i] == "_"):
        i += 1
    name = text[start:i]
    subscript = None
    if text[i : i + 1] == "[":
        start = i + 1
        i = behind_bracket(text, i)
        if i < start + 2:  # there is no end, or nothing before it
            return None
        subscript = text[start : i - 1]
    op = text[i : i + 2]
    if op not in (":-", ":=", ":?", ":+", "##", "%%", "//", "^^", ",,", "~~") and (op[:1] != "@" or i + 2 != len(text)):
        op = op[:1]
    if indirect and text == "!#":
        name, op = "#", ""
        i += 1
    if not indirect and subscript is None:
        return None
    if not (is_name(name) or (indirect and (name.isdigit() or name == "#"))) or (length and op):
        return None
    if op and op not in "-=?+#%/:@*^,~" and len(op) == 1:
        return None
    rest = text[i + len(op) :]
    if op in "@*" and op and (not indirect or rest or subscript is not None):
        return None
    if op[0:1] == "@" and len(op) == 2:
        rest = []
    if subscript is not None and subscript not in ("@", "*"):
        word = []
        Lexer(subscript, lexer.line).double(word, "}")
        subscript = word
    return ["param", quoted, name, "len" if length else op, rest, lexer.line, subscript, indirect, 0]
