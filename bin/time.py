# time - run a command and print the time it took
# usage: time [-p] [-f FORMAT] [-o FILE] [-a] COMMAND [ARGUMENT...]
#
# Before a pipeline, `time` is a keyword of the shell; this is the program for `command time` and scripts.
#   -p  as POSIX asks for      -o FILE  write there, not to standard error      -a  append to FILE
#   -f FORMAT  with %e real seconds, %E as m:ss.hh, %U seconds on the processor, %S 0.00, %P how much of the time that
#      is, %M kB of memory in use at its end, %x the exit status, %C the command, %%, \n and \t
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/time.html

import gc
from time import ticks_diff, ticks_ms

from base.errors import Usage
from program import options

proc = None

LETTERS = "apf:o:"
_POSIX = "real %e\\nuser %U\\nsys %S"


async def __main__(args):
    cut = 0  # the options end at the first operand: the rest is the command
    while cut < len(args) and args[cut][:1] == "-" and args[cut] != "--":
        cut += 2 if args[cut] in ("-f", "-o") else 1
    opts, _ = options(args[:cut], LETTERS, (("portability", "p"), ("format", "f"), ("output", "o"), ("append", "a")))
    command = args[cut + (args[cut : cut + 1] == ["--"]) :]
    if not command:
        raise Usage("no command")
    began = ticks_ms()
    status = await proc.run(command)
    real = ticks_diff(ticks_ms(), began)
    text = shown(opts["f"] or _POSIX, real, command, status) + "\n"
    if opts["o"]:
        with open(opts["o"], "a" if "a" in opts else "w") as file:
            file.write(text)
    else:
        proc.stderr.write(text)
    return status


def shown(form, real, command, status):
    """Fill in a format."""
    values = {
        "e": f"{real / 1000:.2f}",
        "E": f"{real // 60000}:{real // 1000 % 60:02d}.{real % 1000 // 10:02d}",
        "U": f"{real / 1000:.2f}",  # user time is real time: CPU time is not measured
        "S": "0.00",
        "P": "100%",
        "M": str(gc.mem_alloc() // 1024),
        "x": str(status),
        "C": " ".join(command),
        "%": "%",
    }
    out = []
    i = 0
    while i < len(form):
        pair = form[i : i + 2]
        if pair[0] == "%" and pair[1:] in values and len(pair) > 1:
            out.append(values[pair[1]])
        elif pair == "\\n" or pair == "\\t":
            out.append("\n" if pair == "\\n" else "\t")
        else:
            out.append(pair[0])
            i -= 1
        i += 2
    return "".join(out)
