# uftpd - the FTP server
# usage: uftpd start | stop | restart | status
#
# Serves several clients and transfers at a time, on port 21, with data ports 13333 to 13348. FTP is not encrypted: its
# data, including passwords, can be intercepted. It only starts if a user has a password (man passwd). "ftpd" in
# /etc/system.conf has its settings. More: docs/ftp.md

from services import daemon, ftp

proc = None


async def __main__(args):
    return await daemon.command(args, ftp.NAME, ftp.begin)
