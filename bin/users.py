# users - print the names of logged-in users
# usage: users

from process.ps import sessions
from program import options

proc = None


def __main__(args):
    options(args, "", most=0)
    proc.stdout.write(" ".join(sorted([session.user for session in sessions()])) + "\n")
