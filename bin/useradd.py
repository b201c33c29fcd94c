# useradd - make a user, or change one
# usage: useradd [-m] [-d HOME] [-o OPTIONS] [USER]
#
# Without USER, list the users. A new user has no password and cannot log in before `passwd USER` has set one.
#   -d HOME     the directory in which sessions begin (/home/USER)      -m  make it
#   -o OPTIONS  words with commas between them: ro (FTP may not write), root=DIR (all that FTP shows)

import os

from base import users
from base.paths import exists
from program import options
from text.who import require_root

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
        user.options = opts["o"]
    users.save(user)
    if "m" in opts and not exists(user.home):
        os.mkdir(user.home)
