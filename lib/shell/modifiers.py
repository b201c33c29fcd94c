# The forms of ${...} that cut and replace, # ## % %% / // and :offset:length, and those of bash for letters and quoting, ^ ^^
# , ,, ~ ~~ and @Q @E @P @A @a @U @u @L @K @k. Loaded when first used.

from base.errors import Failure
from shell import expand, parameters
from shell.substitution import closing, parse_word
from text import pattern


def apply(shell, part, value):
    """The value of ${name op word}; a generator."""
    op = part[3]
    if op[0] in "#%":
        glob = yield expand.pattern_of(shell, parameters.nested(part))
        cut = pattern.prefix if op[0] == "#" else pattern.suffix
        return cut(glob, value, len(op) == 2)
    if op[0] in "^,~@":
        return (yield transform(shell, part, value))
    if op[0] == "/":
        return (yield replace(shell, part, value))
    return (yield substring(shell, part, value))


def replace(shell, part, value):
    """${x/pattern/text}: split at the first slash that is not quoted."""
    text = part[4]
    if isinstance(text, str):
        i = 0
        anchor = ""
        if part[3] == "/" and text[:1] in ("#", "%"):
            anchor = text[0]
            i = 1
        start = i
        if text[:1] == "/":  # ${x////-}: it is no end of an empty pattern
            i = 1
        while i < len(text) and text[i] != "/":
            i = behind(text, i)
        glob = parse_word(text[start:i], False, part[5])
        by = parse_word(text[i + 1 :], False, part[5])
        part[4] = (anchor, glob, by)
    anchor, glob, by = part[4]
    glob = yield expand.pattern_of(shell, glob)
    by = yield expand.slow_single(shell, by if not isinstance(by, str) else ([by] if by else []))
    if not glob:
        return by + value if anchor == "#" else value + by if anchor else value
    return pattern.replace(glob, value, by, part[3] == "//", anchor)


def behind(text, i):
    """The index behind the character at i, or behind what is quoted or substituted there."""
    c = text[i]
    if c == "\\":
        return i + 2
    if c == "$" and text[i + 1 : i + 2] in ("{", "("):
        return closing(text, i + 2, "}" if text[i + 1] == "{" else ")") + 1
    end = text.find(c, i + 1) if c in "'\"" else -1
    return end + 1 if end > 0 else i + 1


def substring(shell, part, value):
    """${x:offset} and ${x:offset:length}."""
    start, end = yield bounds(shell, part, len(value))
    return value[start:end]


def slice_of(shell, part, values):
    """The same for ${@:offset:length} and ${a[@]:offset:length}; of the parameters, $0 is the first."""
    if part[2] in "@*":
        values = [shell.name] + list(values)
    start, end = yield bounds(shell, part, len(values))
    return values[start:end]


def bounds(shell, part, size):
    """(start, end) of what offset and length, both arithmetic, take of size characters or values."""
    text = part[4]
    if isinstance(text, str):
        depth = 0
        at = len(text)
        for i in range(len(text)):
            c = text[i]
            depth += c in "({"
            depth -= c in ")}"
            if c == ":" and not depth and "?" not in text[:i]:
                at = i
                break
        part[4] = (
            parse_word(text[:at], True, part[5]),
            parse_word(text[at + 1 :], True, part[5]) if at < len(text) else None,
        )
    offset, length = part[4]
    text = yield expand.slow_single(shell, offset)
    offset = shell.arith(text)
    if offset < 0:
        offset += size
        if offset < 0:
            return 0, 0
    if length is None:
        return offset, size
    text = yield expand.slow_single(shell, length)
    length = shell.arith(text)
    if length < 0:
        length += size - offset
        if length < 0:
            raise Failure(part[2], "substring expression < 0")
    return offset, offset + length


# --- letters and quoting


def transform(shell, part, value):
    """The value of ${name op word}; a generator."""
    from text import case  # late: rarer than the forms above

    op = part[3]
    if op[0] == "@":
        return (yield letter(shell, part, op[1], value))
    glob = yield expand.pattern_of(shell, parameters.nested(part))
    every = len(op) == 2
    out = []
    for i, c in enumerate(value):
        if (every or not i) and (not glob or pattern.match(glob, c)):
            large = op[0] == "^" or (op[0] == "~" and c == case.lower(c))
            c = case.upper(c) if large else case.lower(c)
        out.append(c)
    return "".join(out)


def letter(shell, part, what, value):
    """${name@what}."""
    from text import case  # late: rare

    if what == "Q":
        return quoted(value)
    if what == "E":
        from text.quoting import ansi_c  # late: rare

        return ansi_c(value)
    if what == "U":
        return case.upper(value)
    if what == "L":
        return case.lower(value)
    if what == "u":
        return case.upper(value[:1]) + value[1:]
    if what == "P":
        from shell import prompt  # late: rare

        text = prompt.text(shell, value)
        if not isinstance(text, str):
            text = yield text
        return text
    if what == "K" or what == "k":
        return quoted(value)
    if what in "aA":
        from shell.builtins import typeset  # late: rare

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
    from shell.builtins import typeset  # late: rare

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
    from text.quoting import is_hidden, on_a_line  # late: rare

    for c in text:
        if is_hidden(c):
            return on_a_line(text)
    return "'" + text.replace("'", "'\\''") + "'"
