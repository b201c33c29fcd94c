# A terminal on the line of a modem. Ctrl-Q ends it.

import asyncio

from micropython import const

from base import task_group

_QUIT = const(17)  # Ctrl-Q
_LOOK_MS = const(10)


async def run(process, name, uart):
    """Run until Ctrl-Q, or the end of the input."""
    tty = process.tty if process.stdin.isatty() else None
    process.stderr.write(f"Connected to {name}, Ctrl+Q to exit\n")
    done = asyncio.Event()
    if tty:
        tty.set_raw(True)
    try:
        await task_group.until(done, down(process, uart), up(process, uart, done))
    finally:
        if tty:
            tty.set_raw(False)
            tty.write("\n")


async def down(process, uart):
    """From the modem to the terminal."""
    while True:
        count = uart.any()
        if count:
            process.stdout.write(uart.read(count).replace(b"\r\n", b"\n"))
        await asyncio.sleep_ms(0 if count else _LOOK_MS)


async def up(process, uart, done):
    """From the terminal to the modem, which may echo."""
    while data := await process.stdin.read():
        at = data.find(bytes((_QUIT,)))
        uart.write((data if at < 0 else data[:at]).replace(b"\n", b"\r\n").replace(b"\r\r", b"\r"))
        if at >= 0:
            break
    else:
        await asyncio.sleep_ms(20 * _LOOK_MS)  # wait for the answer to the last line
    done.set()
