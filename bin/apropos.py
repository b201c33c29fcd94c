# apropos - list the commands whose line in the manual contains a word
# usage: apropos WORD...

from base.errors import Usage
from manual import apropos
from program import options

proc = None


def __main__(args):
    _, words = options(args, "")
    if not words:
        raise Usage("missing operand")
    return apropos(proc, words)
