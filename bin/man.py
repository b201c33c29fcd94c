# man - show the manual of a command, a screen at a time
# usage: man [-k] NAME...
#
#   -k  list the commands whose description contains NAME, like apropos

from manual import apropos, manual, show, wrap
from program import complain, options, status

proc = None


async def __main__(args):
    opts, names = options(args, "k")
    if "k" in opts:
        return apropos(proc, names)
    if not names:
        proc.stdout.write("What manual page do you want? `help` lists the commands.\n")
        return 1
    for name in names:
        text = list(manual(name))
        if not text:
            complain(name, "no manual")
        elif proc.stdout.terminal:
            if not await pages(text):
                break
        else:
            show(proc, text)
    return status()


async def pages(text):
    """Show text page by page. Return False if the user quits."""
    terminal = proc.stdout.terminal
    keyboard = proc.tty
    room = terminal.rows - 1
    for line in text:
        for row in wrap(line, terminal.columns - 1):
            if not room and keyboard:
                key = await more(keyboard)
                if key in b"qQ\x03\x04":
                    return False
                room = 1 if key in b"\r\n" else terminal.rows - 1
            room -= 1
            proc.stdout.write(row + "\n")
    return True


async def more(terminal):
    """Wait for a key at the bottom of the screen; return it."""
    terminal.set_raw(True)
    terminal.write("-- more (space, q) --")
    try:
        key = await terminal.read()
    finally:
        terminal.write("\r\x1b[K")
        terminal.set_raw(False)
    return key[:1] or b"q"
