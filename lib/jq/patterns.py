# Patterns behind `as` in the language of jq, which take arrays and objects apart, and so reduce and foreach.
#
# bind(), fold() and pattern() are generators for jq.parser.finished(). A filter without them does not load this: from
# source it runs with 20 kB less.


def bind(parser, source):
    """The tree for `source as PATTERNS | body`."""
    found = [(yield pattern(parser))]
    while parser.take("?//"):
        found.append((yield pattern(parser)))
    parser.need("|")
    body = yield parser.expression(0)
    if len(found) == 1:
        return wrapped(source, found[0], body)
    # ?//: each pattern is tried until body makes no error with it; names of the others are null.
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
    """The tree for reduce and foreach, from their pattern on."""
    found = yield pattern(parser)
    parser.need("(")
    parts = yield parser.arguments()
    if len(parts) not in ((2,) if name == "reduce" else (2, 3)):
        parser.fail()
    if found[0] != "$":
        parts[1:] = [wrapped(("$", "%f"), found, part) for part in parts[1:]]
    return (name, source, found[1] if found[0] == "$" else "%f") + tuple(parts)


def pattern(parser):
    """("$", name), ("[", [pattern ...]) or ("{", [(key tree, name or None, pattern or None) ...])."""
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
    """The names of a pattern."""
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
    """body with the names of a pattern bound to what it finds in source."""
    if found[0] == "$":
        return ("as", source, found[1], body)
    steps = []  # (source, name), the outermost first
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
