# trap DEBUG: commands before each simple command. Loaded with the first one.
#
# The visitor of simple commands is replaced for all shells, so that those without this trap pay nothing until then.

from shell import ast, commands, listing


def install():
    ast.HANDLERS["simple"] = visit


def visit(shell, node):
    """As shell.commands.simple()."""
    traps = shell.traps
    if not traps or traps.running or not traps.actions.get("DEBUG"):
        return commands.simple(shell, node)
    if shell.calls and "functrace" not in shell.options:
        return commands.simple(shell, node)
    return traced(shell, node)


def traced(shell, node):
    shell.line = node[1]
    out = []
    yield listing.simple(out, node, "")
    shell.traps.command = "".join(out)
    yield shell.traps.act(shell, "DEBUG", shell.traps.actions["DEBUG"])
    return commands.simple(shell, node)
