# egrep - print the lines that match an extended regular expression
# usage: egrep [OPTION...] PATTERN [FILE...]
#
# The same as grep -E.

proc = None


async def __main__(args):
    return await proc.run(["grep", "-E"] + args)
