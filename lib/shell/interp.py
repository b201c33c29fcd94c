# The interpreter: a function for each kind of node.
# What a line of single commands needs is here; shell/flow.py has the rest. shell/ast.py has the table of these functions.

from shell import ast, commands


def visit_list(shell, node):
    status = shell.status
    for item, background in node[2]:
        if background:
            status = yield visit_background(shell, item)
        else:
            status = shell.visit(item)
            if not isinstance(status, int):
                status = yield status
        shell.status = status
        if shell.pending:
            yield shell.traps.run(shell)
        if shell.unwind:
            break
    return status


def visit_and_or(shell, node):
    """Only the failure of the last command counts for set -e."""
    rest = node[3]
    last = len(rest) - 1
    shell.tested += 1
    try:
        status = shell.visit(node[2])
        if not isinstance(status, int):
            status = yield status
        shell.status = status
        if shell.pending:
            yield shell.traps.run(shell)
        for i in range(last):
            op, item = rest[i]
            if shell.unwind:
                return status
            if (status == 0) == (op == "&&"):
                status = shell.visit(item)
                if not isinstance(status, int):
                    status = yield status
                shell.status = status
                if shell.pending:
                    yield shell.traps.run(shell)
    finally:
        shell.tested -= 1
    op, item = rest[last]
    if not shell.unwind and (status == 0) == (op == "&&"):
        return shell.visit(item)
    return status


def visit_label(shell, node):
    return 0


def visit_background(shell, node):
    from shell import jobs

    return jobs.start(shell, node)


ast.HANDLERS.update({"simple": commands.simple, "and_or": visit_and_or, "list": visit_list, "label": visit_label})
