# uwebrepld - MicroPython's WebREPL: a Python prompt and files
# usage: uwebrepld start | stop | restart | status
#
# Serves WebREPL on port 8266 for webrepl_cli.py, Thonny and the page of MicroPython. Its clients send a password, but no
# name: they are root, or the user that "webrepld" in /etc/system.conf names: {"user": "ann", "port": 8266, "idle": 1800}. It is
# not encrypted: the password can be intercepted. It only starts if that user has a password (man passwd). More: docs/webrepl.md

from services import daemon, webrepl

proc = None


async def __main__(args):
    return await daemon.command(args, webrepl.NAME, webrepl.begin)
