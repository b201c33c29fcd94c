# Aliases: their text takes the place of the name before it is parsed (POSIX 2.3.1). Loaded with the first of them.
#
# The lexer marks where the text of an alias ends: up to there the same name is no alias again, and the word behind
# is one, too, where that text ends in a blank.

from base.errors import Failure
from text.quoting import quote


def replace(parser):
    """Put the text of the alias that is the token in the place of it."""
    lexer = parser.lexer
    name = lexer.value if isinstance(lexer.value, str) else lexer.value[0]
    text = parser.alias(name)
    shift = len(text) - lexer.pos
    lexer.marks = [[end + shift, other, more] for end, other, more in lexer.marks if end > lexer.start]
    lexer.marks.append([len(text), name, text[-1:] in (" ", "\t")])
    lexer.change(text + lexer.text[lexer.pos :])
    lexer.pos = 0


def follow(parser):
    """The word that has been read is an alias, too, where the text of another, that ends in a blank, stands before it."""
    lexer = parser.lexer
    begun = False  # in a text that has been put in the place of the word
    for mark in lexer.marks:
        if mark[2] and mark[0] <= lexer.start:
            mark[2] = False
            begun = True
    while begun and parser.is_alias(True):
        replace(parser)
        lexer.next()


def b_alias(shell, args):
    if args[:1] == ["--"] or args[:1] == ["-p"]:
        args = args[1:]
    table = shell.aliases or {}
    status = 0
    for arg in args or sorted(table):
        name, equals, text = arg.partition("=") if args else (arg, "", "")
        if equals and name:
            if table is shell.aliases or shell.aliases is None:
                table = table.copy()  # a subshell may hold the old one
            table[name] = text
        elif name in table:
            shell.write(f"{'alias ' if not args else ''}{name}={quote(table[name])}\n")
        else:
            shell.complain("alias", Failure(name, "not found"))
            status = 1
    shell.aliases = table or None
    return status


def b_unalias(shell, args):
    if args[:1] == ["-a"]:
        shell.aliases = None
        return 0
    if args[:1] == ["--"]:
        args = args[1:]
    if not args:
        from base.errors import Usage

        raise Usage("usage: unalias -a | NAME...")
    status = 0
    for name in args:
        if not shell.aliases or name not in shell.aliases:
            shell.complain("unalias", Failure(name, "not found"))
            status = 1
            continue
        shell.aliases = shell.aliases.copy()
        del shell.aliases[name]
    return status
