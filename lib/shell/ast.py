# The syntax tree of the shell: the kinds of nodes and of parts of words, and the functions that execute the nodes.
#
# A node is a tuple of its kind, its line, and
#   ("simple", line, assignments, words, redirections)        ("pipe", line, nodes, negate)
#   ("and_or", line, first, ((op, node) ...))                 ("list", line, ((node, background) ...))
#   ("if", line, ((test, body) ...), other)                   ("loop", line, test, body, until)
#   ("for", line, name, words, body)                          ("case", line, word, ((patterns, body, go) ...))
#   ("group", line, body)   ("subshell", line, body)          ("function", line, name, body)
#   ("redirect", line, node, redirections)
# of the dialect
#   ("python", line, code, show)   ("compare", line, left, op, right, node)
#   ("label", line, name)          ("every", line, node, ms, again)
# and of other shells
#   ("time", line, node, posix)    ("math", line, word)       ("condition", line, words)
#   ("for_math", line, (first, test, step), body)             ("select", line, name, words, body)
#   ("coproc", line, name, node)
#
# An assignment is (name, word); shell/assignment.py says what an array's is. A redirection is (op, fd, word), a
# here-document [op, fd, delimiter, quoted, body]; fd is a number, or a variable's name for {name}>.
#
# A word is a str where it is nothing but itself; otherwise it is a list of parts, each one of
#   str                               unquoted text, in which ~ * ? [ have their meaning
#   ("quoted", text)                  quoted text
#   ["var", quoted, name]             $name
#   ["param", quoted, name, op, word, line]     ${name op word}; word is text until its first use, then a parsed word
#   ["command", quoted, text, line]   $(text); text becomes the parsed tree on its first use
#   ["arith", quoted, word]           $((word)), word parsed as if in double quotes
#   ["assign", True, name=, word]     an operand of export and the like, which is not split
#
# Kinds are strings: a number has a name in one module only (const), and an attribute of a module takes a search for each use.

# HANDLERS[kind](shell, node) returns the exit status at once where nothing must be waited for, or else a generator for
# execute.run() that returns it. So a loop over built-ins runs at the speed of plain calls, and nesting of any depth
# costs no stack.
HANDLERS = {}

# (module, the kinds that it executes): loaded with the first of them.
LATE = (
    ("flow", "pipe if loop for case group subshell function redirect"),
    ("dialect", "python compare every"),
    ("bashisms", "time math for_math select"),
    ("conditional", "condition"),
    ("descriptors", "coproc"),
)


def load(shell, node):
    """The handler of the first node of a late kind: load the module with the real one, and call that."""
    for module, kinds in LATE:
        if node[0] in kinds.split():
            HANDLERS.update(getattr(__import__("shell." + module), module).HANDLERS)
            break
    return HANDLERS[node[0]](shell, node)


def unload():
    """Forget the late handlers until they are needed."""
    for _, kinds in LATE:
        for kind in kinds.split():
            HANDLERS[kind] = load


unload()
