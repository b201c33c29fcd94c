# bc - a calculator with any number of digits
# usage: bc [-lqs] [FILE...]
#
# Reads the FILEs, then standard input: `scale = 20; 2 / 3`, `2 ^ 100`,
# `define f(n) { if (n < 2) return (1); return (n * f(n - 1)) }`.
#   + - * / % ^   = += -= *= /= %= ^=   ++ --   < <= == != >= >   && || !   sqrt(x) length(x) scale(x)   a[i]
#   if else while for break continue return define auto print "text" quit   # or /* */ for comments
#   scale  digits behind the point      ibase, obase  2 to 16, the bases of what is read and printed      last, .  the last value
#   -l  scale = 20, and s(x) c(x) a(x) l(x) e(x): sine, cosine, arctangent, logarithm, exponential      -q, -s  no effect
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/bc.html

from calc.machine import Machine
from calc.parser import Unfinished, compiled

from base.errors import Failure
from program import inputs, options

proc = None

LINES_MAX = 1000  # of one construct


async def __main__(args):
    opts, files = options(args, "lqs", (("mathlib", "l"), ("quiet", "q"), ("standard", "s")))
    machine = Machine(proc.stdout.write)
    if "l" in opts:
        from calc.mathlib import TEXT

        for text in TEXT:
            await machine.run(compiled(text, machine.functions))
        machine.scale = 20
    for _, stream in inputs(files + ["-"] if files else []):
        if await read(stream, machine):
            return 0
    return machine.status


async def read(stream, machine):
    """Run the statements of a stream. Return True after quit."""
    text = ""
    lines = 0
    while line := await stream.readline():
        text += line.decode()
        lines += 1
        try:
            code = compiled(text, machine.functions)
        except Unfinished:
            if lines < LINES_MAX:
                continue
            code = []
        except Failure as e:
            proc.complain("", e.reason)
            machine.status = 1
            code = []
        text, lines = "", 0
        try:
            if await machine.run(code):
                return True
        except Failure as e:
            proc.complain("", e.reason)
            machine.status = 1
    if text:
        proc.complain("", "syntax error")
        machine.status = 1
    return False
