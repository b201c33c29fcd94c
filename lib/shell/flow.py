# The flow of control: if, loops, case, functions, subshells, redirected and piped commands. Loaded with the first of them.

from time import ticks_diff, ticks_ms

from micropython import const

from base.errors import Failure
from shell import expand, foreground, resolve

_SLICE_MS = const(20)  # a busy loop lets other tasks run after this time


def visit_if(shell, node):
    for test, body in node[2]:
        shell.tested += 1
        try:
            status = shell.visit(test)
            if not isinstance(status, int):
                status = yield status
            shell.status = status
        finally:
            shell.tested -= 1
        if shell.unwind:
            return status
        if status == 0:
            return shell.visit(body)
    return shell.visit(node[3]) if node[3] else 0


def loop_ends(shell):
    """After a loop's body: True where break, return and their like end this loop."""
    if not shell.unwind:
        return False
    what, arg = shell.unwind
    if what not in ("break", "continue"):
        return True
    if arg > 1:
        shell.unwind = (what, arg - 1)
        return True
    shell.unwind = None
    return what == "break"


def cycle(shell, body, more):
    """Run body as long as more() says so: True, False, or a generator that returns one of them. A generator."""
    status = 0
    shell.loops += 1
    began = ticks_ms()
    try:
        while True:
            going = more()
            if not isinstance(going, bool):
                going = yield going
            if not going:
                break
            status = shell.visit(body)
            if not isinstance(status, int):
                status = yield status
            shell.status = status
            if shell.pending:
                yield shell.traps.run(shell)
            if shell.unwind and loop_ends(shell):
                break
            if ticks_diff(ticks_ms(), began) > _SLICE_MS:
                yield from shell.pause()
                began = ticks_ms()
    finally:
        shell.loops -= 1
    return status


def visit_loop(shell, node):
    _, _, test, body, until = node

    def more():
        shell.tested += 1
        status = shell.visit(test)
        shell.tested -= 1
        if isinstance(status, int) and not shell.unwind:
            shell.status = status
            return (status == 0) != until
        return slow_test(shell, test, until, status)

    return cycle(shell, body, more)


def slow_test(shell, test, until, status):
    """Evaluate the condition of a loop that must wait or has a break or continue in it; a generator."""
    while True:
        shell.tested += 1
        try:
            if not isinstance(status, int):
                status = yield status
        finally:
            shell.tested -= 1
        shell.status = status
        if not shell.unwind:
            return (status == 0) != until
        if loop_ends(shell):
            return False
        yield from shell.pause()
        if shell.pending:
            yield shell.traps.run(shell)
        status = shell.visit(test)


def items_of(shell, words):
    """The items of `for` and `select`; a generator if they must be waited for."""
    return list(shell.args) if words is None else expand.fields(shell, words)


def visit_for(shell, node):
    _, shell.line, name, words, body = node
    items = items_of(shell, words)
    if not isinstance(items, list):
        items = yield items
    items = iter(items)

    def more():
        for item in items:
            shell.assign(name, item)
            return True
        return False

    return cycle(shell, body, more)


def visit_case(shell, node):
    from text import pattern  # late: only for case

    word = expand.single(shell, node[2])
    if not isinstance(word, str):
        word = yield word
    status = 0
    go = False
    for patterns, body, end in node[3]:
        hit = go == ";&"
        if not hit:
            for item in patterns:
                glob = yield expand.pattern_of(shell, item)
                if "nocasematch" in shell.options:
                    glob, word = glob.lower(), word.lower()
                if pattern.match(glob, word):
                    hit = True
                    break
        if hit:
            status = shell.visit(body)
            if not isinstance(status, int):
                status = yield status
            shell.status = status
            go = end
            if end not in (";&", ";;&") or shell.unwind:
                break
    return status


def visit_group(shell, node):
    while node[0] == "group":  # braces inside braces are no call each
        node = node[2]
    return shell.visit(node)


def visit_subshell(shell, node):
    process = shell.fork(node[2], "sh")
    status = yield foreground.wait(shell, [process], "( ... )")
    shell.failed(status)
    return status


def visit_function(shell, node):
    shell.own()
    shell.functions[node[2]] = node[3]
    return 0


def call(shell, body, argv):
    """Call a function; a generator."""
    if shell.depth >= shell.DEPTH_MAX:
        raise Failure(argv[0], f"maximum function nesting level exceeded ({shell.DEPTH_MAX})")
    args, shell.args = shell.args, argv[1:]
    saved, shell.locals = shell.locals, None
    loops, shell.loops = shell.loops, 0
    line = shell.line
    calls, shell.calls = shell.calls, (argv[0], shell.calls, line)
    trapped = shell.trapped
    if trapped is not None:
        shell.trapped = None  # return means the function's own status
    shell.depth += 1
    try:
        status = shell.visit(body)
        if not isinstance(status, int):
            status = yield status
        if shell.unwind and shell.unwind[0] == "return":
            status = shell.unwind[1]
            shell.unwind = None
        if shell.traps and "RETURN" in shell.traps.actions:
            yield shell.traps.returned(shell)
    finally:
        if shell.locals:
            for name, (value, exported) in shell.locals.items():
                shell.put_back(name, value, exported)
        shell.locals = saved
        shell.args = args
        shell.loops = loops
        shell.calls = calls
        shell.line = line
        shell.depth -= 1
        if trapped is not None:
            shell.trapped = trapped
    return status


def visit_redirect(shell, node):
    from shell import redirect  # late: with the first redirection

    undo = []
    try:
        try:
            yield redirect.apply(shell, node[3], undo)
        except (OSError, Failure) as e:
            shell.complain(*redirect.blame(e))
            shell.failed(1)
            return 1
        status = shell.visit(node[2])
        if not isinstance(status, int):
            status = yield status
        return status
    finally:
        redirect.restore(shell, undo)


def visit_pipe(shell, node):
    _, line, nodes, negate = node
    if len(nodes) == 1:
        shell.tested += 1
        try:
            status = shell.visit(nodes[0])
            if not isinstance(status, int):
                status = yield status
        finally:
            shell.tested -= 1
        return (0 if status else 1) if negate else status
    try:
        processes = yield start_pipeline(shell, nodes, False)
    except Failure as e:
        shell.complain(e.obj, e.reason)
        return e.status
    status = yield foreground.wait(shell, processes, "pipeline")
    shell.pipes = [process.status for process in processes]
    if shell.pipefail:
        for code in shell.pipes:
            if code:
                status = code
    if negate:
        return 0 if status else 1
    shell.failed(status)
    return status


def start_pipeline(shell, nodes, background):
    """Start the stages of a pipeline, each a process; a generator that returns them."""
    from process.pipe import Pipe  # late: with the first pipeline

    processes = []
    stdin = None
    last = len(nodes) - 1
    try:
        for i in range(last + 1):
            pipe = Pipe() if i < last else None
            stdout = pipe.writer if pipe else None
            process = None
            item = nodes[i]
            if item[0] == "simple" and not item[2]:
                argv = expand.fields(shell, item[3])
                if isinstance(argv, list) and argv:
                    if item[4]:
                        process = yield start_redirected(shell, item, argv, background, stdin, stdout)
                    else:
                        process = foreground.start_program(shell, argv, background, stdin, stdout)
            if process is None:
                process = shell.fork(item, "sh", stdin=stdin, stdout=stdout)
            process.piped = True
            processes.append(process)
            stdin = pipe.reader if pipe else None
    except BaseException:  # half a pipeline would wait for ever
        foreground.abandon(processes)
        raise
    return processes


def start_redirected(shell, node, argv, background, stdin, stdout):
    """Start a stage that is a program with redirections; None where a subshell must run it. A generator.

    A subshell for each of the two in `sort < a | uniq > b` takes 4 kB, and parts of the shell that nothing else needs.
    """
    name = argv[0]
    if "x" in shell.flags or shell.files or name in shell.functions or resolve.builtin(name):
        return None
    if not resolve.locate(shell, name):
        return None
    for redir in node[4]:
        op, word = redir[0], redir[2]
        if redir[1] > 2 or op[-1] == "(":
            return None
        if op == ">" or op == ">>":  # of what may be a variable of the dialect the subshell decides
            plain = isinstance(word, str)
            if plain and word.isdigit():
                return None
            if (shell.source or "envredir" in shell.options) and not (plain and ("/" in word or "." in word)):
                return None
    from shell import redirect  # late: with the first redirection

    process = shell.process
    undo = []
    if stdin:
        redirect.swap(shell, 0, stdin, undo)
    if stdout:
        redirect.swap(shell, 1, stdout, undo)
    try:
        try:
            yield redirect.apply(shell, node[4], undo)
        except (OSError, Failure) as e:
            shell.complain(*redirect.blame(e))
            return shell.fork(("simple", node[1], (), ("false",), ()), "sh")
        return foreground.start_program(shell, argv, background, process.stdin.dup(), process.stdout.dup())
    finally:
        redirect.restore(shell, undo)


HANDLERS = {
    "pipe": visit_pipe,
    "if": visit_if,
    "loop": visit_loop,
    "for": visit_for,
    "case": visit_case,
    "group": visit_group,
    "subshell": visit_subshell,
    "function": visit_function,
    "redirect": visit_redirect,
}
