# The dialect of upyOS and micrOS: `> code`, `< expression`, `if A op B command`, `cmd &&500`.

import asyncio
import sys

from micropython import const

from base.errors import reason
from process import cpu
from shell import expand

_EPIPE = const(32)


def source_of(text):
    """The Python text of a line: backslash-n outside of strings is a newline, and \\\\n inside one is \\n (upyOS)."""
    if "\\" not in text:
        return text
    out = []
    quote = ""
    i = 0
    while i < len(text):
        c = text[i]
        if c == "\\":
            if quote and text[i : i + 3] == "\\\\n":
                out.append("\\n")
                i += 3
                continue
            if not quote and text[i + 1 : i + 2] == "n":
                out.append("\n")
                i += 2
                continue
            out.append(text[i : i + 2])
            i += 2
            continue
        if quote:
            if c == quote:
                quote = ""
        elif c in "'\"":
            quote = c
        out.append(c)
        i += 1
    return "".join(out)


def space_of(shell):
    """The namespace of the session's Python lines, with the names that upyOS provides."""
    if shell.space is None:
        import os
        import time

        import sdata
        import utls

        shell.space = {"__name__": "__main__", "os": os, "sys": sys, "time": time, "sdata": sdata, "utls": utls}
    return shell.space


def python(shell, node):
    """Run a "python" node: at once, in the session's namespace."""
    _, line, code, show = node
    shell.line = line
    code = source_of(code)
    space = space_of(shell)
    space["proc"] = shell.process
    outer = cpu.enter(shell.process)
    cpu.interruptible(True)
    try:
        if show:
            code = "print(" + code + "\n)"
        exec(code, space)
    except SystemExit:
        raise
    except Exception as e:
        if isinstance(e, OSError) and e.args and e.args[0] == _EPIPE:
            return 141  # no reader: as SIGPIPE
        from process import exit_status

        where = f"{shell.source.name}: line {line}: " if shell.source else ""
        shell.process.stderr.write(f"{where}{reason(e)}\n")
        exit_status.trace(shell.process, e)
        return 1
    finally:
        cpu.interruptible(False)
        cpu.current = outer
        cpu.moved()
        import os

        old = shell.process.cwd
        shell.process.cwd = os.getcwd()
        if shell.process.cwd != old:
            shell.moved(old)
    return 0


def value_of(text):
    """text as a number where it is one, for comparing."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def holds(left, op, right):
    """The truth of `left op right`: numbers as numbers, everything else as text."""
    if op == "in":
        return left in right
    a = value_of(left)
    b = value_of(right)
    if isinstance(a, str) or isinstance(b, str):
        a, b = left, right
    if op == "==":
        return a == b
    if op == "!=":
        return a != b
    if op == "<":
        return a < b
    if op == ">":
        return a > b
    return a <= b if op == "<=" else a >= b


def compare(shell, node):
    """Run a "compare" node: the status of its command, 0 where the comparison is false."""
    while node[0] == "compare":  # one that is another's command is no call of its own
        _, line, left, op, right, command = node
        shell.line = line
        left = expand.single(shell, left)
        right = expand.single(shell, right)
        if not isinstance(left, str) or not isinstance(right, str):
            return slow_compare(shell, left, op, right, command)
        if not holds(left, op, right):
            return 0
        node = command
    return shell.visit(node)


def slow_compare(shell, left, op, right, command):
    if not isinstance(left, str):
        left = yield left
    if not isinstance(right, str):
        right = yield right
    return shell.visit(command) if holds(left, op, right) else 0


def every(shell, node):
    """Run an "every" node as a job: `cmd &&500` again and again, `cmd &500` once after that time."""
    from shell import jobs

    _, line, item, ms, again = node

    def run(child):
        while True:
            if not again:
                yield from asyncio.sleep_ms(ms)
            status = child.visit(item)
            if not isinstance(status, int):
                status = yield status
            child.status = status
            if not again:
                return status
            yield from asyncio.sleep_ms(ms)

    return jobs.start_generator(shell, run, item)


HANDLERS = {"python": python, "compare": compare, "every": every}
