# login - begin a session as a user
# usage: login [USER]
#
# Ask for a name and a password, and start a shell. With "login": true in /etc/system.conf the console does this at
# every boot before the first prompt.

from base import users
from base.errors import Failure
from program import options
from services import guard, sessions

proc = None


async def __main__(args):
    _, names = options(args, "")
    users.require_password()
    try:
        user = await sessions.ask_user("login", "console", names[0] if names else None)
    except guard.LockedOut:
        raise Failure("", "too many failures; try again later")
    return await sessions.nested(user) if user else 1
