# uhttpd - the web server and its desktop
# usage: uhttpd start | stop | restart | status
#
# Serves the desktop, the files of the board and its JSON API, on port 80, to users with a password. It only starts if a
# user has one (man passwd). HTTP is not encrypted: its data, including passwords, can be intercepted. "httpd" in
# /etc/system.conf has its settings, also for HTTPS: {"port": 80, "clients": 16}. More: docs/http.md

from services import daemon, http

proc = None


async def __main__(args):
    return await daemon.command(args, http.NAME, http.begin)
