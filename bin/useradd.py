# useradd - make a user, or change one
# usage: useradd [-m] [-d HOME] [-o OPTIONS] [USER]
#
# Without USER, list the users. A new user has no password and cannot log in before `passwd USER` has set one.
#   -d HOME     the directory in which sessions begin (/home/USER)      -m  make it
#   -o OPTIONS  words with commas between them, which hold for all services:
#       ro            changes nothing, and has no shell       root=DIR       sees only DIR; no shell
#       noshell       has no shell                            command=LINE   each of his shells is LINE; no files
#       from=PATTERN  comes from such an address (* ?)

import os

from base import users
from base.errors import Failure
from base.paths import exists
from base.users import require_root
from program import options
from services import policy

proc = None


def __main__(args):
    opts, names = options(args, "md:o:")
    if not names:
        for user in users.users():
            print(
                f"{user.name} {user.home} {'no password' if user.hash[:1] == '!' else 'password'} {user.options}".rstrip()
            )
        return
    require_root(proc)
    name = names[0]
    users.check_name(name)
    user = users.find(name) or users.User(name, "!", "/home" if name == users.ROOT else "/home/" + name)
    user.home = opts["d"] or user.home
    if opts["o"] is not None:
        why = policy.fault(opts["o"])
        if why:
            raise Failure("", why)
        user.options = opts["o"]
    users.save(user)
    if "m" in opts and not exists(user.home):
        os.mkdir(user.home)
