# id - show who you are
# usage: id [-gGnu] [USER]
#
#   -u  the number      -g -G  the number of the group, which is the user's own      -n  with these: the name
# Numbers have no meaning except that root is 0; files have no owners.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/id.html

from base.errors import Failure, Usage
from base.users import number_of, user_of
from program import options

proc = None


def __main__(args):
    opts, names = options(args, "gGnu", (("user", "u"), ("group", "g"), ("groups", "G"), ("name", "n")))
    if len(names) > 1:
        raise Usage("extra operand")
    name = names[0] if names else user_of(proc)
    number = number_of(name)
    if number is None:
        raise Failure(name, "no such user")
    if "u" in opts or "g" in opts or "G" in opts:
        proc.stdout.write((name if "n" in opts else str(number)) + "\n")
    elif "n" in opts:
        raise Usage("requires -u, -g or -G", "-n")
    else:
        proc.stdout.write(f"uid={number}({name}) gid={number}({name}) groups={number}({name})\n")
