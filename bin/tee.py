# tee - copy standard input to standard output and to files
# usage: tee [-ai] [FILE...]
#
#   -a  append to the files      -i  ignore interrupts
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/tee.html

from process.files import FileStream
from program import complain, options, protected, status

proc = None


async def __main__(args):
    opts, names = options(args, "ai", (("append", "a"), ("ignore-interrupts", "i")))
    if "i" in opts:
        proc.trap = lambda signal: signal == 2
    outs = [("", proc.stdout)]
    for name in names:
        try:
            protected(name)
            outs.append((name, FileStream(open(name, "ab" if "a" in opts else "wb"))))
        except Exception as e:
            complain(name, e)
    try:
        while data := await proc.stdin.read():
            for out in list(outs):
                try:
                    out[1].write(data)
                except OSError as e:
                    complain(out[0], e)
                    outs.remove(out)
    finally:
        for out in outs[1:]:
            out[1].close()
    return status()
