# Ctrl-Z in a program that has its terminal in raw mode: the terminal goes back to the shell until `fg`.

import asyncio

from micropython import const

from process import cpu
from process.keys import ASK_SIZE

_TSTP = const(20)


async def suspend(terminal, leave, enter):
    """Stop the job in front; False where no shell could bring it back.

    leave is what takes the program's screen away, enter what brings it back, empty.
    """
    session = terminal.session
    if not session or not session.foreground:
        return False
    terminal.write(leave)
    terminal.sized = False  # the window may change meanwhile
    terminal.set_raw(False)
    session.signal(_TSTP)
    await asyncio.sleep_ms(0)
    while session.is_behind(cpu.current):  # `bg` is not enough
        cpu.current.kill(_TSTP)
        await asyncio.sleep_ms(0)
    terminal.set_raw(True)
    terminal.write(enter + ASK_SIZE)
    terminal.sized = True
    return True
