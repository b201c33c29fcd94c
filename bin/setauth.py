# setauth - set the user and password of the network services
# usage: setauth USER PASSWORD PASSWORD
#        setauth -v | -d [USER]
#
# As in upyOS; prefer `passwd`, which does not echo the password or leave it in the history.
#   -v  list the users      -d  remove the password of USER, or of all: remote services then refuse to start

from base import passwords, users
from base.errors import Failure, Usage
from base.users import require_root
from program import options

proc = None


async def __main__(args):
    opts, words = options(args, "vd")
    if "v" in opts:
        for user in users.users():
            print(f"User: {user.name}, {'no password' if user.hash[:1] == '!' else 'password set'}")
        return
    require_root(proc)
    if "d" in opts:
        for user in list(users.users()):
            if not words or user.name in words:
                user.hash = "!"
                users.save(user)
        return
    if len(words) != 3:
        raise Usage("expected a user, and the password twice")
    name, first, again = words
    users.check_name(name)
    if first != again:
        raise Failure(name, "passwords do not match")
    user = users.find(name) or users.User(name)
    user.hash = await passwords.hash_of(first)
    users.save(user)
