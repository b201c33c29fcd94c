# resume - continue processes stopped by hold
# usage: resume PID...
#
# Like kill -CONT.

from program import options
from text.pids import send

CONT = 18


def __main__(args):
    return send(options(args, "")[1], CONT)
