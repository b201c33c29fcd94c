# How assignments and arrays are written: a tilde in a value, a=(x y), a[i]=v. Loaded with the first of them.
#
# To the parser, an assignment to an element is (name, word, subscript), and the value of a=(...) is a tuple of words.
# shell/reference.py reads ${a[i]}, shell/arrays.py does what is written.

from shell import simple
from shell.lexer import is_name
from shell.substitution import parse_word

# --- values and operands of export and the like


def value(word):
    """word with the home directory in the place of ~ at its begin and behind each colon, up to a slash or colon."""
    out = []
    for i in range(len(word)):
        part = word[i]
        if isinstance(part, str):
            tilde(out, part, i == 0, i == len(word) - 1)
            continue
        if part[0] == "param" and isinstance(part[4], str) and part[3][-1:] in ("-", "=", "+", "?") and not part[1]:
            nested = parse_word(part[4], False, part[5])
            part[4] = value([nested] if isinstance(nested, str) else nested)
        out.append(part)
    return out


def tilde(out, text, first, last):
    """Append text to out; first: it begins the word, last: it ends it."""
    pieces = text.split(":")
    plain = ""
    for i in range(len(pieces)):
        piece = pieces[i]
        if i:
            plain += ":"
        ends = i < len(pieces) - 1 or last
        if (i or first) and ((piece == "~" and ends) or piece[:2] == "~/"):
            if plain:
                out.append(plain)
            out.append(["var", True, "HOME"])
            plain = piece[1:]
        else:
            plain += piece
    if plain:
        out.append(plain)


def declared(word):
    """The word of an operand: name=value is one field, whatever stands in value."""
    first = word[0] if word else None
    if not isinstance(first, str):
        return word
    at = first.find("=")
    if at < 1 or not is_name(first[: at - 1] if first[at - 1] == "+" else first[:at]):
        return word
    rest = word[1:]
    if first[at + 1 :]:
        rest.insert(0, first[at + 1 :])
    return [["assign", True, first[: at + 1], value(rest)]]


# --- arrays


def parse(p):
    """The words of a=( ... ), the token being `a=`: a tuple. The token is the closing parenthesis then."""
    lexer = p.lexer
    words = []
    if p.next():
        yield p.more()
    while True:
        if p.next():
            yield p.more()
        yield p.newlines()
        if lexer.kind != "word":
            break
        word = lexer.value
        item = None if isinstance(word, str) else element(["a"] + word)
        if item:
            words.append(item)
        else:
            simple.add_word(words, word)
    if not p.is_op(")"):
        raise p.unexpected("')'")
    return tuple(words)


def operand(p, name):
    """The word of an operand `name=(...)` of declare and the like; shell/expand.py makes (name, items) of it."""
    words = yield parse(p)
    return [["assign", True, name, words]]


def element(word):
    """(name, value, subscript) of a word `name[subscript]=value`, both of these words; None for any other."""
    name, bracket, rest = word[0].partition("[")
    if len(word) > 1 and word[0] == "a" and isinstance(word[1], str) and word[1][:1] == "[":
        name, bracket, rest = "a", "[", word[1][1:]
        word = word[1:]
    if not bracket or not is_name(name):
        return None
    depth = 1
    subscript = []
    i = 0
    while True:
        for at in range(len(rest)):
            c = rest[at]
            if c == "[":
                depth += 1
            elif c == "]":
                depth -= 1
                if not depth:
                    behind = rest[at + 1 :]
                    if behind[:1] != "=" and behind[:2] != "+=":
                        return None
                    if rest[:at]:
                        subscript.append(rest[:at])
                    if behind[0] == "+":
                        name += "+"
                    value = behind.partition("=")[2]
                    return name, simple.value_of(([value] if value else []) + word[i + 1 :]), subscript
        if rest:
            subscript.append(rest)
        while True:
            i += 1
            if i >= len(word):
                return None
            if isinstance(word[i], str):
                rest = word[i]
                break
            subscript.append(word[i])
