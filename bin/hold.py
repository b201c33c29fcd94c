# hold - stop processes until they are resumed
# usage: hold PID...
#
# As kill -STOP; resume lets them go on. A program that runs in a thread must look at proc.sts itself.

from program import options
from text.pids import send

STOP = 19


def __main__(args):
    return send(options(args, "")[1], STOP)
