# fgrep - print the lines that contain a text
# usage: fgrep [OPTION...] TEXT [FILE...]
#
# The same as grep -F.

proc = None


async def __main__(args):
    return await proc.run(["grep", "-F"] + args)
