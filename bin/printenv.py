# printenv - print variables of the environment
# usage: printenv [-0] [NAME...]
#
# Without NAME all of them, as NAME=VALUE. Status 1 if one is not set.
#   -0  NUL instead of newlines

from program import options

proc = None


def __main__(args):
    opts, names = options(args, "0", (("null", "0"),))
    end = "\0" if "0" in opts else "\n"
    if not names:
        for name, value in proc.env.items():
            proc.stdout.write(f"{name}={value}{end}")
    status = 0
    for name in names:
        if name in proc.env:
            proc.stdout.write(str(proc.env[name]) + end)
        else:
            status = 1
    return status
