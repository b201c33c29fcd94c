# su - run a shell as another user
# usage: su [-l | -] [-c COMMANDS] [USER]
#
# Start a shell as USER (root). Users other than root must enter the password of USER.
#   -, -l  start in the home of USER      -c  run COMMANDS instead of a prompt

from base import users
from base.errors import Failure
from base.users import user_of
from program import options
from services import guard, sessions

proc = None


async def __main__(args):
    stay = "-" not in args
    opts, names = options([arg for arg in args if arg != "-"], "c:l", (("login", "l"), ("command", "c")))
    name = names[0] if names else users.ROOT
    user = users.find(name)
    if not user and name == users.ROOT:
        user = users.User(name)
    if user_of(proc) != users.ROOT:
        try:
            user = await sessions.ask_user("su", "su", name, 1)
        except guard.LockedOut:
            raise Failure(name, "too many failures; try again later")
        if not user:
            return 1
    if not user:
        raise Failure(name, "no such user")
    return await sessions.nested(user, opts["c"], stay and "l" not in opts)
