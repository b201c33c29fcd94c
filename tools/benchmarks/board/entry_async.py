# entry_async - print how much C stack is in use where a program that is a coroutine begins
# usage: entry_async NAME

from micropython import stack_use


async def __main__(args):
    used = stack_use()
    print("@", args[0], used)
