# hold - stop processes until they are resumed
# usage: hold PID...
#
# Like kill -STOP; resume continues them. A program that runs in a thread must check proc.sts itself.

from program import options
from text.pids import send

STOP = 19


def __main__(args):
    return send(options(args, "")[1], STOP)
