# resume - let processes go on that were held
# usage: resume PID...
#
# As kill -CONT.

from program import options
from text.pids import send

CONT = 18


def __main__(args):
    return send(options(args, "")[1], CONT)
