# atcurl - talk to web servers through a modem
# usage: atcurl [-M NAME] [OPTION...] URL...
#
# curl, with its connections through the modem NAME (modem0); all options and the status are those of curl: curl --help.
# `MODEM=modem0 PROGRAM` does the same for other programs that connect by TCP: wget, mqttc, telnet, nc, ftp, upgrade ...
#   -M NAME  the modem, as `atmodem -c` has named it

proc = None


async def __main__(args):
    from modem.through import run

    return await run("curl", args)
