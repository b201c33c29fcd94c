# Functions as text: what `typeset -f` shows, and what the shell reads as the same function. Loaded when first used.
#
# A generator for each kind of node, run by execute.run(), appends pieces of text to `out`. What the parser has taken
# apart at once (braces, tildes of assignments, backquotes) is written as what it stands for.

from shell import expand
from text.quoting import quote


def function(out, name, body):
    """Append the definition of a function."""
    out.append(name + "() ")
    if body[0] == "group":
        out.append("\n")
    yield command(out, body, "")
    out.append("\n")


def command(out, node, indent):
    """Append a node, without a newline behind it."""
    more = NODES[node[0]](out, node, indent)
    if more:
        yield more


def block(out, node, indent):
    """The commands of a body, each on lines of its own."""
    for item, background in node[2] if node[0] == "list" else ((node, False),):
        out.append(indent)
        yield command(out, item, indent)
        out.append(" &\n" if background else "\n")
        yield documents(out, item)


def documents(out, node):
    """The bodies of the here-documents of a command and, where it is a pipeline or the like, of its parts."""
    rest = [node]
    while rest:
        node = rest.pop(0)
        if node[0] == "simple":
            redirs = node[4]
        elif node[0] == "redirect":
            redirs = node[3]
            rest.insert(0, node[2])
        else:
            if node[0] == "pipe":
                rest[:0] = node[2]
            elif node[0] == "and_or":
                rest[:0] = [node[2]] + [item for _, item in node[3]]
            continue
        for redir in redirs:
            if redir[0] in ("<<", "<<-"):
                text = redir[4]
                if not isinstance(text, str):
                    pieces = []
                    yield inside(pieces, text)
                    text = "".join(pieces)
                out.append(text + redir[2] + "\n")


# --- commands


def simple(out, node, indent):
    first = len(out)
    for assignment in node[2]:
        out.append(" " if len(out) > first else "")
        out.append(assignment[0])
        if len(assignment) > 2:
            out.append("[")
            yield word(out, assignment[2])
            out.append("]")
        if assignment[0][-1:] != "=":
            out.append("=")
        value = assignment[1]
        if isinstance(value, tuple):
            out.append("(")
            yield words(out, value)
            out.append(")")
        elif value:
            yield word(out, value)
    if node[3]:
        out.append(" " if len(out) > first else "")
        yield words(out, node[3])
    yield redirections(out, node[4])


def words(out, items):
    for i in range(len(items)):
        if i:
            out.append(" ")
        item = items[i]
        if not isinstance(item, tuple):
            yield word(out, item)
        elif len(item) == 1:  # an operator of [[ ]]
            out.append(item[0])
        else:  # an element of an array with its subscript
            yield element(out, item)


def element(out, item):
    out.append("[")
    yield word(out, item[-1])
    out.append("]=")
    yield word(out, item[1])


def redirections(out, redirs):
    for redir in redirs:
        op, fd = redir[0], redir[1]
        out.append(" " if out and out[-1][-1:] not in (" ", "\n") else "")
        if isinstance(fd, str):
            out.append("{" + fd + "}")
        elif fd != (0 if op[0] == "<" else 1):
            out.append(str(fd))
        out.append(op if op[-1] != "(" else op[:-1] + " ")
        if op in ("<<", "<<-"):
            out.append(quote(redir[2]) if not redir[3] else "'" + redir[2] + "'")
        else:
            yield word(out, redir[2])


def redirected(out, node, indent):
    yield command(out, node[2], indent)
    yield redirections(out, node[3])


def pipe(out, node, indent):
    out.append("! " if node[3] else "")
    for i in range(len(node[2])):
        out.append(" | " if i else "")
        yield command(out, node[2][i], indent)


def and_or(out, node, indent):
    yield command(out, node[2], indent)
    for op, item in node[3]:
        out.append(" " + op + " ")
        yield command(out, item, indent)


def sequence(out, node, indent):
    """A list where one command is expected: in braces."""
    out.append("{\n")
    yield block(out, node, indent + "    ")
    out.append(indent + "}")


def group(out, node, indent):
    yield sequence(out, node[2], indent)


def subshell(out, node, indent):
    out.append("(\n")
    yield block(out, node[2], indent + "    ")
    out.append(indent + ")")


def conditional(out, node, indent):
    begin = "if\n"
    for test, body in node[2]:
        out.append(begin)
        yield block(out, test, indent + "    ")
        out.append(indent + "then\n")
        yield block(out, body, indent + "    ")
        begin = indent + "elif\n"
    if node[3]:
        out.append(indent + "else\n")
        yield block(out, node[3], indent + "    ")
    out.append(indent + "fi")


def loop(out, node, indent):
    out.append("until\n" if node[4] else "while\n")
    yield block(out, node[2], indent + "    ")
    out.append(indent)
    yield do_group(out, node[3], indent)


def do_group(out, node, indent):
    out.append("do\n")
    yield block(out, node, indent + "    ")
    out.append(indent + "done")


def for_each(out, node, indent):
    out.append(("for " if node[0] == "for" else "select ") + node[2])
    if node[3] is not None:
        out.append(" in ")
        yield words(out, node[3])
    out.append("; ")
    yield do_group(out, node[4], indent)


def for_math(out, node, indent):
    out.append("for ((")
    for i in range(3):
        out.append(";" if i else "")
        if node[2][i]:
            yield inside(out, node[2][i], "")
    out.append(")); ")
    yield do_group(out, node[3], indent)


def case(out, node, indent):
    out.append("case ")
    yield word(out, node[2])
    out.append(" in\n")
    for patterns, body, go in node[3]:
        out.append(indent + "    (")
        for i in range(len(patterns)):
            out.append(" | " if i else "")
            yield word(out, patterns[i])
        out.append(")\n")
        yield block(out, body, indent + "        ")
        out.append(indent + "        " + (go or ";;") + "\n")
    out.append(indent + "esac")


def definition(out, node, indent):
    out.append(node[2] + "() ")
    yield command(out, node[3], indent)


def python(out, node, indent):
    out.append(("< " if node[3] else "> ") + node[2])


def comparison(out, node, indent):
    out.append("if ")
    yield word(out, node[2])
    out.append(" " + node[3] + " ")
    yield word(out, node[4])
    out.append(" ")
    yield command(out, node[5], indent)


def label(out, node, indent):
    out.append(":" + node[2])


def every(out, node, indent):
    yield command(out, node[2], indent)
    if node[4]:
        out.append(" &&" + (str(node[3]) if node[3] else ""))
    elif node[3]:
        out.append(f" &{node[3]}")


def timed(out, node, indent):
    out.append("time ")
    yield command(out, node[2], indent)


def coproc(out, node, indent):
    out.append("coproc " + node[2] + " ")
    yield command(out, node[3], indent)


def math(out, node, indent):
    out.append("((")
    yield inside(out, node[2], "")
    out.append("))")


def condition(out, node, indent):
    out.append("[[ ")
    yield words(out, node[2])
    out.append(" ]]")


NODES = {
    "simple": simple,
    "pipe": pipe,
    "and_or": and_or,
    "list": sequence,
    "if": conditional,
    "loop": loop,
    "for": for_each,
    "case": case,
    "group": group,
    "subshell": subshell,
    "function": definition,
    "redirect": redirected,
    "python": python,
    "compare": comparison,
    "label": label,
    "every": every,
    "time": timed,
    "math": math,
    "condition": condition,
    "for_math": for_math,
    "select": for_each,
    "coproc": coproc,
}


# --- words


def word(out, value):
    """Append a word outside quotes."""
    if isinstance(value, str):
        out.append(value or "''")
        return
    if not value:
        out.append("''")
    for i in range(len(value)):
        part = value[i]
        if isinstance(part, str):
            out.append(part)
        elif part[0] == "quoted":
            following = value[i + 1] if i + 1 < len(value) else ""
            if part[1] or isinstance(following, str) or (following[0] != "quoted" and not following[1]):
                # the mark that double quotes begin with is left out
                out.append("\\'" if part[1] == "'" else quote(part[1]))
        elif part[0] == "assign":
            out.append(part[2])
            yield word(out, part[3])
        elif part[0] == "var" and is_short(part, value[i + 1 : i + 2]):
            out.append(f'"${part[2]}"' if part[1] else "$" + part[2])
        elif part[1] and (part[0] != "command" or len(part) < 5):
            out.append('"')
            yield substitution(out, part)
            out.append('"')
        else:
            yield substitution(out, part)


def is_short(part, following):
    """True for a $name that may stand without braces; following: [what is behind it], or []."""
    name = part[2]
    if len(name) > 1 and name.isdigit():
        return False
    if part[1] or not following or not isinstance(following[0], str):
        return True
    return not (following[0][0].isalpha() or following[0][0].isdigit() or following[0][0] in "_[")


def inside(out, value, special="\\$`"):
    """Append a word that is read as if in double quotes: of a here-document, with special='' of arithmetic."""
    for part in (value,) if isinstance(value, str) else value:
        if isinstance(part, str) or part[0] == "quoted":
            for c in part if isinstance(part, str) else part[1]:
                out.append("\\" + c if c in special else c)
        else:
            yield substitution(out, part)


def substitution(out, part):
    """Append what begins with a dollar sign."""
    kind = part[0]
    if kind == "var":
        out.append("${" + expand.text_of(part[2]) + "}")
    elif kind == "command":
        opening = "$(" if len(part) < 5 else part[4] + "("
        if isinstance(part[2], str):
            out.append(opening + (" " if part[2][:1] == "(" else "") + part[2])
            out.append("\n)" if ("#" in part[2] or "<<" in part[2]) and part[2][-1:] != "\n" else ")")
        elif part[2]:
            out.append(opening + "\n")
            yield block(out, part[2], "")
            out.append(")")
    elif kind == "arith":
        out.append("$")
        yield math(out, part, "")
    else:
        yield parameter(out, part)


def parameter(out, part):
    """Append ${name op word} in all its forms."""
    op, rest = part[3], part[4]
    out.append("${#" if op == "len" else "${")
    if len(part) > 7 and part[7]:
        out.append("!")
    out.append(part[2])
    if len(part) > 6 and part[6] is not None:
        out.append("[")
        yield inside(out, part[6], "")
        out.append("]")
    if op and op != "len":
        out.append(op)
        if isinstance(rest, str):
            out.append(rest)
        elif isinstance(rest, tuple) and op == ":":  # offset and length, see shell/modifiers.py
            yield inside(out, rest[0], "")
            if rest[1] is not None:
                out.append(":")
                yield inside(out, rest[1], "")
        elif isinstance(rest, tuple):  # anchor, pattern and replacement
            out.append(rest[0])
            yield word(out, rest[1])
            out.append("/")
            yield word(out, rest[2])
        elif part[1]:
            yield inside(out, rest, '\\$`"}')
        else:
            yield word(out, rest)
    out.append("}")
