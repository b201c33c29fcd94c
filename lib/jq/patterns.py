# Destructuring patterns (after `as`), hence also reduce and foreach, in jq's language.
#
# bind(), fold() and pattern() are generators for jq.parser.finished(). Filters without patterns save 20 kB by not loading
# this from source.


def bind(parser, source):
    """Parse the patterns and body of `source as PATTERNS | body`; its tree is the result. A generator."""
    found = [(yield pattern(parser))]
    while parser.take("?//"):
        found.append((yield pattern(parser)))
    parser.need("|")
    body = yield parser.expression(0)
    if len(found) == 1:
        return wrapped(source, found[0], body)
    # ?//: try the patterns until body raises no error. The names of the other patterns are null.
    names = []
    for one in found:
        names.extend(named(one))
    tree = None
    for one in reversed(found):
        own = named(one)
        inner = wrapped(("$", "%s"), one, body)
        for name in names:
            if name not in own:
                inner = ("as", ("lit", None), name, inner)
        tree = inner if tree is None else ("try", inner, ("|", [("$", "%i"), tree]))
    return ("as", (".",), "%i", ("as", source, "%s", tree))


def fold(parser, name, source):
    """Parse reduce or foreach from the pattern on; the tree is the result. A generator."""
    found = yield pattern(parser)
    parser.need("(")
    parts = yield parser.arguments()
    if len(parts) not in ((2,) if name == "reduce" else (2, 3)):
        parser.fail()
    if found[0] != "$":
        parts[1:] = [wrapped(("$", "%f"), found, part) for part in parts[1:]]
    return (name, source, found[1] if found[0] == "$" else "%f") + tuple(parts)


def pattern(parser):
    """Parse ("$", name), ("[", [pattern ...]) or ("{", [(key tree, name or None, pattern or None) ...])."""
    if parser.take("["):
        found = [(yield pattern(parser))]
        while parser.take(","):
            found.append((yield pattern(parser)))
        parser.need("]")
        return ("[", found)
    if not parser.take("{"):
        return ("$", parser.variable())
    found = []
    while not found or parser.take(","):
        kind, value = parser.tokens[parser.at] if parser.at < len(parser.tokens) else ("", "")
        name = None
        if kind == "$":
            name = parser.variable()
        key = ("lit", name) if name else (yield parser.key(kind, value))
        inner = None
        if parser.take(":"):
            inner = yield pattern(parser)
        elif not name:
            parser.fail()
        found.append((key, name, inner))
    parser.need("}")
    return ("{", found)


def named(found):
    """Return the names of a pattern."""
    if found[0] == "$":
        return [found[1]]
    out = []
    for item in found[1]:
        if found[0] == "[":
            out.extend(named(item))
        else:
            out.extend(([item[1]] if item[1] else []) + (named(item[2]) if item[2] else []))
    return out


def wrapped(source, found, body):
    """Return body with the names of a pattern bound to their values in source."""
    if found[0] == "$":
        return ("as", source, found[1], body)
    steps = []  # (source, name), outermost first
    todo = [(source, found)]
    count = 0
    while todo:
        source, found = todo.pop()
        if found[0] == "$":
            steps.append((source, found[1]))
            continue
        count += 1
        name = f"%{count}"
        steps.append((source, name))
        below = []
        for i, item in enumerate(found[1]):
            if found[0] == "[":
                below.append((("index", ("$", name), ("lit", i)), item))
                continue
            place = ("index", ("$", name), item[0])
            if item[1]:
                below.append((place, ("$", item[1])))
            if item[2]:
                below.append((place, item[2]))
        todo.extend(reversed(below))
    for source, name in reversed(steps):
        body = ("as", source, name, body)
    return body
