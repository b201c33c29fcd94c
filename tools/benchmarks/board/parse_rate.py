# parse_rate - time the shell's parser beside Python's compiler, and measure what a parsed function keeps
# usage: parse_rate SCRIPT SOURCE ROUNDS
#
# SCRIPT is a shell script, SOURCE a file of Python; the compiler gets as much of it as the script is long, up to the
# end of a definition.

import gc
from time import ticks_diff, ticks_us

from shell import execute
from shell.parser import Parser


async def __main__(args):
    with open(args[0]) as file:
        script = file.read()
    with open(args[1]) as file:
        source = file.read()
    cut = source.find("\n\n\ndef ", len(script))
    source = source[: cut if cut > 0 else len(source)] + "\n"
    lines = script.count("\n")
    parse(script)
    for _ in range(int(args[2])):
        gc.collect()
        start = ticks_us()
        parse(script)
        middle = ticks_us()
        gc.collect()
        begin = ticks_us()
        compile(source, "source", "exec")
        print("@ times", ticks_diff(middle, start) / len(script), ticks_diff(ticks_us(), begin) / len(source))
    gc.collect()
    before = gc.mem_alloc()
    nodes = parse(script)
    gc.collect()
    print("@ memory", (gc.mem_alloc() - before) / lines, lines, len(nodes))


def parse(text):
    """The commands of a script, read line by line as the system reads it."""
    rest = text.split("\n")
    rest.reverse()

    def read():
        return rest.pop() + "\n" if rest else ""
        yield

    parser = Parser(read)
    nodes = []
    while True:
        step = execute.run(parser.command())
        try:
            while True:
                next(step)
        except StopIteration as e:
            if e.value is None:
                return nodes
            nodes.append(e.value)
