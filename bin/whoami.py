# whoami - print the name of the user of this session
# usage: whoami

from base.users import user_of
from program import options

proc = None


def __main__(args):
    options(args, "", most=0)
    print(user_of(proc))
