# kill - send a signal to processes
# usage: kill [-s NAME | -NAME | -NUMBER] PID...
#        kill -l [STATUS]
#
# The default signal is TERM, which asks the process to end; KILL ends it at once; STOP and CONT suspend and resume it.
# -l lists the names, or the name for the exit status of a process that was ended by a signal.
# The shell has a built-in kill, which also accepts jobs (%1).
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/kill.html

from process.signals import NUMBERS, name, number
from program import options
from text.pids import send

proc = None

TERM = 15


def __main__(args):
    signal = TERM
    if args[:1] == ["-l"]:
        names = [name(int(status) & 127) for status in args[1:]] or sorted(NUMBERS, key=lambda key: NUMBERS[key])
        proc.stdout.write(" ".join(names) + "\n")
        return 0
    if args[:1] in (["-s"], ["-n"]) and len(args) > 1:
        signal = number(args[1])
        args = args[2:]
    elif args and args[0][:1] == "-" and args[0] not in ("-", "--", "--help", "--version", "--h"):
        signal = number(args[0][1:])
        args = args[1:]
    return send(options(args, "")[1], signal)
