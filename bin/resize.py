# resize - tell the system the size of the terminal's window
# usage: resize [-s ROWS COLUMNS]
#
# Query the size of the terminal, and print it. Use it after resizing the window of a serial line, which cannot report that;
# telnet and ssh do. All programs get the size, and the shell has it in $COLUMNS and $LINES.
#   -s  set the size instead of asking
# Deviations: unlike xterm's resize, it prints no commands: the size is set already.

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from base.errors import Failure, Usage
from program import integer, options

proc = None

PATIENCE_MS = 2000


async def __main__(args):
    opts, operands = options(args, "s")
    terminal = proc.tty
    if not terminal:
        raise Failure("", "no terminal")
    if "s" in opts:
        if len(operands) != 2 or integer(operands[0]) < 1 or integer(operands[1]) < 1:
            raise Usage("-s: expected ROWS and COLUMNS")
        terminal.resize(integer(operands[1]), integer(operands[0]))
    elif operands:
        raise Usage("extra operand")
    else:
        await ask(terminal)
    proc.stdout.write(f"{terminal.columns} columns, {terminal.rows} rows\n")


async def ask(terminal):
    """Ask the terminal for its size. process.keys stores the answer and returns it as a key."""
    from process.keys import Keys  # late: only on a terminal

    class Asking(Keys):
        told = "told"  # that key

    keys = Asking(terminal)
    limit = ticks_add(ticks_ms(), PATIENCE_MS)
    terminal.set_raw(True)
    try:
        keys.ask_size()
        while await asyncio.wait_for_ms(keys.key(), max(ticks_diff(limit, ticks_ms()), 1)) != "told":
            pass
    except asyncio.TimeoutError:
        raise Failure("", "no response from the terminal")
    finally:
        keys.give_back()
        terminal.set_raw(False)
