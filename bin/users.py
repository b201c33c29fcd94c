# users - print the names of logged-in users
# usage: users

from program import options
from text.who import sessions

proc = None


def __main__(args):
    options(args, "", most=0)
    proc.stdout.write(" ".join(sorted([session.user for session in sessions()])) + "\n")
