# uftpd - the FTP server
# usage: uftpd start | stop | restart | status
#
# Several clients and transfers at a time, on port 21 and, for data, ports 13333 to 13348. FTP is not encrypted: what
# goes over it, passwords too, can be read on the way. It starts when somebody has a password (man passwd). "ftpd"
# in /etc/system.conf has its settings. More: docs/ftp.md

from services import daemon, ftp

proc = None


async def __main__(args):
    return await daemon.command(args, ftp.NAME, ftp.begin)
