# FTP's commands that change the tree of files.

import os

from base.files import inside, rename, unlink
from base.paths import dirname, exists, isdir, normal
from base.users import holds_secret
from services.ftp.listing import stamp
from services.ftp.session import Reply


async def DELE(session, argument):
    path = session.writable(session.path(argument))
    if isdir(path):
        raise Reply(550, "Is a directory.")
    unlink(path)
    raise Reply(250, "Deleted.")


async def RMD(session, argument):
    path = session.writable(session.path(argument))
    if not isdir(path):
        raise Reply(550, "Not a directory." if exists(path) else "No such directory.")
    os.rmdir(path)
    raise Reply(250, "Removed.")


async def MKD(session, argument):
    path = session.writable(session.path(argument))
    os.mkdir(path)
    raise Reply(257, '"{}" created.'.format(normal(argument, session.cwd).replace('"', '""')))


async def RNFR(session, argument):
    path = session.writable(session.path(argument))
    if isdir(path) and holds_secret(path):  # below another name its secrets would be none
        raise Reply(550, "Permission denied.")
    os.stat(path)
    session.old = path
    raise Reply(350, "RNTO comes next.")


async def RNTO(session, argument):
    old, session.old = session.old, None
    if not old:
        raise Reply(503, "RNFR comes first.")
    new = session.writable(session.path(argument))
    if new != old:
        if inside(new, old):
            raise Reply(553, "A directory cannot go into itself.")
        if isdir(new) or not isdir(dirname(new)):
            raise Reply(553, "Is a directory." if isdir(new) else "No such directory.")
        if isdir(old) and exists(new):
            raise Reply(553, "Is there already.")
        rename(old, new)
    raise Reply(250, "Renamed.")


async def MFMT(session, argument):
    """The file systems cannot set the time of a file; the reply tells the one that it has."""
    when, _, name = argument.partition(" ")
    if len(when) < 14 or not when[:14].isdigit():
        raise Reply(501, "YYYYMMDDHHMMSS and a name are expected.")
    st = os.stat(session.writable(session.path(name)))
    raise Reply(213, f"Modify={stamp(st[8])}; {name}")
