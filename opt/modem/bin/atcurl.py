# atcurl - talk to web servers through a modem
# usage: atcurl [-M NAME] [OPTION...] URL...
#
# curl with its connections through the modem NAME (modem0); options and status are those of curl: curl --help.
# `MODEM=modem0 PROGRAM` does the same for other programs that connect by TCP: wget, mqttc, telnet, nc, ftp, upgrade ...
#   -M NAME  the modem, created with `atmodem -c`

proc = None


async def __main__(args):
    from modem.through import run

    return await run("curl", args)
