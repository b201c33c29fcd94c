# atwget - download files through a modem
# usage: atwget [-M NAME] [OPTION...] URL [SIZE]
#
# wget, with its connections through the modem NAME (modem0); all options are those of wget: wget --help. SIZE is taken, and
# does nothing: the server says how long the file is.
#   -M NAME  the modem, as `atmodem -c` has named it

proc = None


async def __main__(args):
    from modem.through import run

    if len(args) > 1 and args[-1].isdigit():
        args = args[:-1]
    return await run("wget", args)
