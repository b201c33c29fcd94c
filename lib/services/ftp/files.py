# FTP's commands that change the tree of files.

import os

from base import attributes
from base.dates import seconds
from base.errors import Failure
from base.files import inside, rename, unlink
from base.paths import dirname, exists, isdir, normal
from services import protected
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
    if isdir(path) and protected.irremovable(path):
        raise Reply(550, "Is a protected system directory.")
    os.stat(path)
    session.old = path
    raise Reply(350, "Ready for RNTO.")


async def RNTO(session, argument):
    old, session.old = session.old, None
    if not old:
        raise Reply(503, "Use RNFR first.")
    new = session.writable(session.path(argument))
    if new != old:
        if inside(new, old):
            raise Reply(553, "Cannot move a directory into itself.")
        if isdir(new) or not isdir(dirname(new)):
            raise Reply(553, "Is a directory." if isdir(new) else "No such directory.")
        if isdir(old) and exists(new):
            raise Reply(553, "File exists.")
        rename(old, new)
    raise Reply(250, "Renamed.")


async def MFMT(session, argument):
    """Give a file another time: it goes into the table that touch uses."""
    when, _, name = argument.partition(" ")
    if len(when) < 14 or not when[:14].isdigit():
        raise Reply(501, "Expected YYYYMMDDHHMMSS and a name.")
    path = session.writable(session.path(name))
    try:
        moment = seconds(int(when[:4]), *[int(when[i : i + 2]) for i in range(4, 14, 2)])
    except (ValueError, OverflowError):
        moment = 0
    if stamp(moment) != when[:14]:
        raise Reply(501, "Invalid time.")
    try:
        attributes.set_time(path, moment)
    except Failure as e:
        raise Reply(452, str(e.reason))
    raise Reply(213, f"Modify={stamp(attributes.given(path)[8])}; {name}")
