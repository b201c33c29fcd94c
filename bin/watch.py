# watch - run a command again and again
# usage: watch [-q] [-t SECONDS] COMMAND...
#        watch COMMAND... -t SECONDS
#
#   -t SECONDS  the pause between two runs (2), also as -n; behind the command it counts where none stands before it
#   -q  do not clear the screen nor print the heading
# It goes on until Ctrl-C, kill or the end of the terminal; hold and resume work. One word is a shell line of its own:
# watch 'ps | grep sh'.

import asyncio

from base.errors import Usage
from program import options
from text.quoting import quote

proc = None

BROKEN_PIPE = 141


async def __main__(args):
    pause = None
    quiet = False
    while args and args[0][:1] == "-":
        if args[0] in ("-t", "-n") and len(args) > 1:
            pause = seconds(args[1])
            args = args[2:]
        elif args[0] == "-q":
            quiet = True
            args = args[1:]
        elif args[0] == "--":
            args = args[1:]
            break
        else:
            options(args[:1], "qt:n:")  # --help, or the error
    if pause is None and len(args) > 2 and args[-2] in ("-t", "-n") and is_number(args[-1]):
        pause = seconds(args[-1])
        args = args[:-2]
    if not args:
        raise Usage("missing COMMAND")
    if pause is None:
        pause = 2.0
    line = args[0] if len(args) == 1 else " ".join([quote(arg) for arg in args])
    clear = "\x1b[H\x1b[2J" if proc.stdout.isatty() else ""
    while True:
        if not quiet:
            proc.stdout.write(f"{clear}Every {pause:g}s: {line}\n")
        if await proc.run(line) == BROKEN_PIPE:  # nobody reads the output any more
            return BROKEN_PIPE
        await asyncio.sleep_ms(int(pause * 1000))


def is_number(text):
    return text.replace(".", "", 1).isdigit()


def seconds(text):
    if not is_number(text) or not 0 < float(text) < 86400:
        raise Usage("not a pause in seconds", text)
    return float(text)
