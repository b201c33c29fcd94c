# atupgrade - bring this system to another version, through a modem
# usage: atupgrade [-M NAME] [OPTION...] [SOURCE]
#
# upgrade with its connections through the modem NAME (modem0); options are those of upgrade: upgrade --help.
#   -M NAME  the modem, created with `atmodem -c`

proc = None


async def __main__(args):
    from modem.through import run

    return await run("upgrade", args)
