# uhttpd - the web server and its desktop
# usage: uhttpd start | stop | restart | status
#
# The desktop, the files of the board and its JSON API, on port 80, for who has a password here. It starts when somebody
# has one (man passwd). HTTP is not encrypted: what is typed, passwords too, can be read on the way. "httpd" in
# /etc/system.conf has its settings, HTTPS among them: {"port": 80, "clients": 16}. More: docs/http.md

from services import daemon, http

proc = None


async def __main__(args):
    return await daemon.command(args, http.NAME, http.begin)
