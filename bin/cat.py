# cat - copy files to standard output
# usage: cat [-AbEefnsTtuv] [FILE...]
#
# Print each FILE, or standard input if there is none or FILE is "-".
#   -n  number all lines                 -b  number nonempty lines
#   -s  squeeze empty lines              -f  the name of the file first
#   -E  show the end of lines as $       -T  show a tab as ^I
#   -v  show other control characters    -A  same as -vET, -e as -vE, -t as -vT
#   -u  no effect: output is never buffered
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/cat.html

from program import each, options

proc = None


async def __main__(args):
    opts, files = options(args, "AbEefnsTtuv", (("number", "n"), ("show-all", "A"), ("squeeze-blank", "s")))
    plain = not opts.given or list(opts.given) == ["u"]
    write = proc.stdout.write
    if not plain and list(opts.given) != ["f"]:
        from text.visible import Lines  # late: usually the bytes are copied unchanged

        edit = Lines(opts)
    else:
        edit = None

    async def cat(name, stream):
        if "f" in opts:
            write(name + "\n")
        if edit:
            while data := await stream.block():
                write(edit.block(data))
        else:
            while data := await stream.read():
                write(data)

    return await each(files, cat)
