# more - show text a screen at a time
# usage: more [-ceisu] [-n ROWS] [-p COMMAND] [+COMMAND] [FILE...]
#
# Show each FILE, or standard input, with the keys of less (man less), and exit after the last line, which stays on the
# screen.
#   -i  ignore case      -s  squeeze blank lines      -n ROWS  of a screen
#   -p COMMAND, +COMMAND  run that command first: a line number, G, /REGEX      -c, -e, -u  no effect
# If the output is not a terminal, the files are copied.
# Deviations: no -t, no tags, no editor.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/more.html

from base.errors import Usage
from program import options

proc = None


def __main__(args):
    from less.keys import main  # late: not for --help

    first = [arg[1:] for arg in args if arg[:1] == "+" and len(arg) > 1]
    opts, files = options([arg for arg in args if arg[:1] != "+" or len(arg) == 1], "cein:p:su")
    rows = opts.number("n", 0)
    if rows < 0:
        raise Usage("invalid number of rows", opts["n"])
    return main(opts, files, first[0] if first else opts["p"] or "", True, rows)
