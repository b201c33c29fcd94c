# factor - print the prime factors of numbers
# usage: factor [NUMBER...]
#
# For each NUMBER, or each word of standard input.

import asyncio

from micropython import const

from base.surrogates import loose
from program import complain, options, status

proc = None

NUMBER_MAX = const(1 << 62)
TURN = const(4096)  # divisions before yielding to other tasks


async def __main__(args):
    _, words = options(args, "")
    for word in words:
        await show(word)
    while not words and (batch := await proc.stdin.lines()):
        for line in batch:
            for word in line.split():
                await show(loose(word))
    return status()


async def show(word):
    if not word.isdigit() or int(word) > NUMBER_MAX:
        return complain(word, "number too large" if word.isdigit() else "invalid number")
    number = int(word)
    out = [f"{number}:"]
    factor = 2
    turn = 0
    while factor * factor <= number:
        while not number % factor:
            out.append(str(factor))
            number //= factor
        factor += 1 if factor == 2 else 2
        turn += 1
        if turn > TURN:
            turn = 0
            await asyncio.sleep_ms(0)
    if number > 1:
        out.append(str(number))
    proc.stdout.write(" ".join(out) + "\n")
