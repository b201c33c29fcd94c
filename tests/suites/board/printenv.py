# printenv.py - print variables of the environment, None for each that is not there
# usage: printenv.py NAME...

proc = None


def __main__(args):
    for name in args:
        proc.stdout.write(str(proc.env.get(name)) + "\n")
