# screen - shells that survive the loss of their terminal
# usage: screen [-dm] [-S NAME] [COMMAND [ARGUMENT...]]
#        screen -r|-R|-d|-dr [NAME]
#        screen -ls
#        screen MODEM
#
# Starts a shell (or COMMAND) that continues when the terminal is closed. Inside a screen: opens another window.
#   -r  attach to a screen; NAME if there are several     -R  the same, or start one     -d  detach another terminal
#   -d -r  both                -S NAME  name of the new screen     -d -m  start it detached     -ls  list screens
# Ctrl-A, then: d detach, c new window, n and p next and previous, 0-9 that window, k kill it, [ scroll back,
# a send Ctrl-A, ? all keys. The last 4 kB of a window's output are kept.
# screen MODEM (modem0) is a terminal on the serial line of a modem; Ctrl-Q ends it.

from base.errors import Failure, Usage
from program import options

proc = None


async def __main__(args):
    at = 0
    while at < len(args) and args[at][:1] == "-":  # the options of COMMAND are its own
        at += 2 if args[at][-1:] == "S" else 1
    opts, words = options(args[:at], "rRdmlsS:", (("list", "l"),))
    words += args[at:]
    if "l" in opts or "s" in opts:
        return list_them()
    import screens

    if "r" in opts or "R" in opts or ("d" in opts and "m" not in opts):
        return await back(screens, opts, words)
    if len(words) == 1:
        import sdata

        uart = getattr(sdata, words[0], None)
        if hasattr(uart, "readinto"):
            try:
                from modem import terminal
            except ImportError:
                raise Failure(words[0], "no modems here (pkg install modem)")
            return await terminal.run(proc, words[0], uart)
    command = " ".join(["'" + word.replace("'", "'\\''") + "'" for word in words]) or None
    sty = proc.getenv("STY")
    if sty and not opts["S"] and "m" not in opts:
        screens.find(proc, str(sty)).open(command)
        return 0
    if "m" not in opts:
        screens.need_tty(proc)
    made = screens.new(proc, opts["S"], command)
    if "m" not in opts:
        await screens.attach(proc, made)
    return 0


async def back(screens, opts, words):
    """Run -r, -R or -d."""
    if len(words) > 1:
        raise Usage("extra operand", words[1])
    name = words[0] if words else opts["S"]
    if "R" in opts and not screens.owned(proc):
        screens.need_tty(proc)
        found = screens.new(proc, name, None)
    else:
        found = screens.find(proc, name, "d" not in opts)
    if "d" in opts:
        found.detach("[remote detached]")
        while found.client:
            from asyncio import sleep_ms

            await sleep_ms(10)
    if "r" in opts or "R" in opts:
        await screens.attach(proc, found)
    return 0


def list_them():
    import screens

    found = screens.owned(proc)
    if not found:
        print("No screens.")
        return 1
    print("There is a screen:" if len(found) == 1 else "There are screens:")
    for one in found:
        print(f"\t{one.name}\t({'Attached' if one.client else 'Detached'}, windows: {len(one.windows)})")
    return 0
