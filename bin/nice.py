# nice - run a command
# usage: nice [-n STEP] [COMMAND [ARGUMENT...]]
#
# All processes have the same priority, 0: COMMAND runs unchanged, for scripts that use nice. Without
# COMMAND the priority is printed. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/nice.html

from program import integer, options

proc = None


async def __main__(args):
    cut = 0  # the options end at the first operand: the rest is the command
    while cut < len(args) and args[cut][:1] == "-" and args[cut] != "--":
        if args[cut][1:].isdigit():  # the old form, nice -5
            args[cut] = "-n" + args[cut][1:]
        cut += 2 if args[cut] == "-n" else 1
    opts, _ = options(args[:cut], "n:")
    if "n" in opts:
        integer(opts["n"])
    command = args[cut + (args[cut : cut + 1] == ["--"]) :]
    if not command:
        proc.stdout.write("0\n")
        return 0
    return await proc.run(command)
