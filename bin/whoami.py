# whoami - print the name of the user of this session
# usage: whoami

from program import options
from text.who import current

proc = None


def __main__(args):
    options(args, "", most=0)
    print(current(proc))
