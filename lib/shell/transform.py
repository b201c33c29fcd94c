# The forms of ${...} that bash has for letters and quoting: ^ ^^ , ,, ~ ~~ and @Q @E @P @A @a @U @u @L @K @k. Loaded
# when first used.

from base.errors import Failure
from shell import expand
from text import pattern
from text.case import lower, upper
from text.quoting import ansi_c, is_hidden, on_a_line


def apply(shell, part, value):
    """The value of ${name op word}; a generator."""
    op = part[3]
    if op[0] == "@":
        return (yield letter(shell, part, op[1], value))
    glob = yield expand.pattern_of(shell, expand.nested(part))
    every = len(op) == 2
    out = []
    for i, c in enumerate(value):
        if (every or not i) and (not glob or pattern.match(glob, c)):
            large = op[0] == "^" or (op[0] == "~" and c == lower(c))
            c = upper(c) if large else lower(c)
        out.append(c)
    return "".join(out)


def letter(shell, part, what, value):
    """${name@what}."""
    if what == "Q":
        return quoted(value)
    if what == "E":
        return ansi_c(value)
    if what == "U":
        return upper(value)
    if what == "L":
        return lower(value)
    if what == "u":
        return upper(value[:1]) + value[1:]
    if what == "P":
        from shell import prompt  # late: rare

        text = prompt.text(shell, value)
        if not isinstance(text, str):
            text = yield text
        return text
    if what == "K" or what == "k":
        return quoted(value)
    if what in "aA":
        from shell import typeset  # late: rare

        flags = typeset.letters_of(shell, part[2])
        if what == "a":
            return flags
        return f"declare -{flags} {part[2]}={quoted(value)}" if flags else f"{part[2]}={quoted(value)}"
    raise Failure("${" + part[2] + part[3] + "}", "bad substitution")


def whole(shell, part, keys, values):
    """The fields of ${a[@]@A}, @K and @k; None for a form that each element has for itself."""
    what = part[3][1:]
    if part[3][0] != "@" or what not in ("A", "K", "k"):
        return None
    from shell import typeset  # late: rare

    if what == "A":
        value = shell.vars.get(part[2])
        return [typeset.declaration(value, part[2], typeset.letters_of(shell, part[2]))] if value is not None else []
    out = []
    for i in range(len(values)):
        out.append(str(keys[i]) if keys else str(i + 1))
        out.append(typeset.in_quotes(values[i]) if what == "K" else values[i])
    return [" ".join(out)] if what == "K" else out


def quoted(text):
    """text in quotes, as @Q has it."""
    for c in text:
        if is_hidden(c):
            return on_a_line(text)
    return "'" + text.replace("'", "'\\''") + "'"
