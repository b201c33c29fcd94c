# Assignments in which a tilde stands, and those among the operands of export and the like. Loaded with the first.

from shell.lexer import is_name
from shell.substitution import parse_word


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
