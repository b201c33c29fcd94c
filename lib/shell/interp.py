# The interpreter: a function for each kind of node.
#
# VISIT[kind](shell, node) returns the exit status at once where nothing must be waited for, or else a generator for
# shell.trampoline that returns it. So a loop over built-ins runs at the speed of plain calls, and nesting of any
# depth costs no stack. What a line of single commands needs is here; shell/flow.py has the rest.

from shell import commands


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


def visit_more(shell, node):
    """The first node of a kind that shell/flow.py knows: load that."""
    from shell import flow

    VISIT[1] = flow.VISIT[0]
    VISIT[4:] = flow.VISIT[1:]
    VISIT[14] = visit_label
    return VISIT[node[0]](shell, node)


VISIT = [commands.simple, None, visit_and_or, visit_list] + [None] * 17


def unload():
    """Forget shell/flow.py until it is needed."""
    for kind in range(21):
        if kind not in (0, 2, 3):
            VISIT[kind] = visit_more
    VISIT[14] = visit_label


unload()
