# help - list the commands, or show the manual of one
# usage: help [-l] [NAME...]
#
# Without a NAME: the names of all commands. The manual of a program is the comment at the head of its file; `man NAME`
# and `NAME --help` show it too.
#   -l  each command with its description

from manual import manual, purposes, show
from program import complain, options, status

proc = None

WIDTH = 11  # columns for the name


async def __main__(args):
    opts, names = options(args, "l")
    for name in names:
        text = list(manual(name))
        if text:
            show(proc, text)
        else:
            complain(name, "no manual")
    if names:
        return status()
    terminal = proc.stdout.terminal
    if terminal and "l" not in opts:
        from text.columns import columns  # late: only on a terminal

        for row in columns([name for name, _ in purposes()], terminal.columns - 1):
            proc.stdout.write(row + "\n")
        proc.stdout.write("help -l says what each is for, help NAME how it is used.\n")
        return 0
    for name, purpose in purposes():
        show(proc, (f"{name:<{WIDTH}}  {purpose}".rstrip(),))
        if proc.stdout.full:
            await proc.stdout.drain()
    return 0
