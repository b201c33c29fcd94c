# passwd - set a password
# usage: passwd [-d | -l | -S] [USER]
#
# Asks twice for the new password of USER (default: the user of this session); users other than root must enter the old one
# first. If standard input is not a terminal, its lines are the answers.
#   -d -l  remove the password, which disables the login      -S  print whether USER has one
# Remote services start only if a user has a password. /etc/shadow stores a salted hash (PBKDF2-HMAC-SHA256), which takes
# this board about half a second to check. More: docs/users.md

from base import passwords, users
from base.errors import Failure
from base.users import user_of
from process.ask import ask
from program import options

proc = None


async def __main__(args):
    opts, names = options(args, "dlS", (("delete", "d"), ("lock", "l"), ("status", "S")))
    me = user_of(proc)
    name = names[0] if names else me
    user = users.find(name)
    if not user and name not in (users.ROOT, users.MICROS):
        raise Failure(name, "no such user; create it with useradd")
    user = user or users.User(name, options=users.MICROS_OPTIONS if name == users.MICROS else "")
    if "S" in opts:
        print(f"{name}: {'no password' if user.hash[:1] == '!' else 'has a password'}")
        return 0
    if me != users.ROOT and name != me:
        raise Failure(name, "must be root")
    if (
        user.hash[:1] != "!"
        and me != users.ROOT
        and not await passwords.matches(await ask("Old password: "), user.hash)
    ):
        raise Failure(name, "wrong password")
    if "d" in opts or "l" in opts:
        user.hash = "!"
        done = "removed; no login with it"
    else:
        password = await ask("New password: ")
        passwords.check_length(password)
        if await ask("Again: ") != password:
            raise Failure(name, "passwords do not match; password unchanged")
        user.hash = await passwords.hash_of(password)
        done = "changed"
    users.save(user)
    print(f"{name}: password {done}")
