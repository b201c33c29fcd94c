# entry_plain - print how much C stack is in use where a program that is a plain function begins
# usage: entry_plain NAME

from micropython import stack_use


def __main__(args):
    used = stack_use()
    print("@", args[0], used)
