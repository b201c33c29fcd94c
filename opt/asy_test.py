# asy_test - example of a program with two tasks of asyncio
# usage: asy_test [ROUNDS]
#
# Two tasks take turns until one has done its ROUNDS (for ever without) or the process is asked to end. Ends by itself,
# by Ctrl-C, or by `kill` when started with &.

import uasyncio

proc = None  # the process, put here when the program starts


async def count(name, pause, rounds):
    done = 0
    while proc.sts != "S" and done != rounds:
        await uasyncio.sleep(pause)
        if proc.sts == "H":
            continue
        done += 1
        print(f"{name}: {done}")


async def main(rounds):
    slow = uasyncio.create_task(count("slow", 0.5, -1))
    await count("fast", 0.2, rounds)
    slow.cancel()
    print("asy_test: done")


def __main__(args):
    uasyncio.run(main(int(args[0]) if args else -1))
