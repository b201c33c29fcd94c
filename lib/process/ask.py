# Reading passwords: from a terminal without echo, or else a line of standard input.

from micropython import const

from process import cpu

_ANSWER_MAX = const(512)


async def ask(question, shown=False):
    """Read a line, without its newline; EOFError at the end of the input."""
    process = cpu.current
    stdin = process.stdin
    terminal = stdin.terminal
    process.stderr.write(question)
    if terminal:
        terminal.echo = shown
    try:
        line = await stdin.readline(_ANSWER_MAX)
    finally:
        if terminal:
            terminal.echo = True
            if not shown:
                process.stderr.write("\n")
    if not line:
        raise EOFError
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeError:
        return ""
