# userdel - remove a user
# usage: userdel [-r] USER
#
#   -r  and the home with all that is in it

from base import files, users
from base.errors import Failure, Usage
from base.paths import exists
from base.users import require_root, user_of
from program import options, protected

proc = None


async def __main__(args):
    opts, names = options(args, "r")
    if len(names) != 1:
        raise Usage("expected one USER")
    require_root(proc)
    name = names[0]
    if name == user_of(proc):
        raise Failure(name, "is you")
    user = users.find(name)
    users.remove(name)
    if "r" in opts and user.home.startswith("/home/") and exists(user.home):
        protected(user.home)
        await files.remove(user.home)
