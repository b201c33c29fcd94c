# utelnetd - the telnet server
# usage: utelnetd start | stop | restart | status
#
# Several users at a time, each with a shell of his own, on port 23. Telnet is not encrypted: what is typed, passwords
# too, can be read on the way. It starts when somebody has a password (man passwd). "telnetd" in /etc/system.conf
# has its settings: {"port": 23, "sessions": 16, "idle": 1800}. More: docs/telnet.md

from services import daemon, telnet

proc = None


async def __main__(args):
    return await daemon.command(args, telnet.NAME, telnet.begin)
