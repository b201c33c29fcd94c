# atwget - download files through a modem
# usage: atwget [-M NAME] [OPTION...] URL [SIZE]
#
# wget with its connections through the modem NAME (modem0); options are those of wget: wget --help. SIZE is ignored: the
# server sends the length of the file.
#   -M NAME  the modem, created with `atmodem -c`

proc = None


async def __main__(args):
    from modem.through import run

    if len(args) > 1 and args[-1].isdigit():
        args = args[:-1]
    return await run("wget", args)
