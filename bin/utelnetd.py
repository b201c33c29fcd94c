# utelnetd - the telnet server
# usage: utelnetd start | stop | restart | status
#
# Serves several users at a time, each with a shell, on port 23. Telnet is not encrypted: its data, including passwords,
# can be intercepted. It only starts if a user has a password (man passwd). "telnetd" in /etc/system.conf has its settings:
# {"port": 23, "sessions": 16, "idle": 1800}. More: docs/telnet.md

from services import daemon, telnet

proc = None


async def __main__(args):
    return await daemon.command(args, telnet.NAME, telnet.begin)
