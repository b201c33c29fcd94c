# less - view text a screen at a time
# usage: less [-FiINrRsS] [+COMMAND] [FILE...]
#
#   -N  line numbers      -S  chop long lines      -r, -R  colours      -i, -I  ignore case
#   -F  exit if the text fits on one screen      -s  squeeze blank lines      +G, +/REGEX, +N, +F  run that command first
# Keys: space f PgDn, b PgUp   a screen      d, u  half a screen      j Down Enter, k Up   a line      q  quit
#       g, G   the first, the last line; NG line N; N% a position      /REGEX, ?REGEX   search; n, N   again
#       r, Ctrl-L   redraw, in the current size of the window at a serial line
#       F   follow      Right, Left   scroll with -S      -N -S -i   toggle an option      :n :p   next and previous file
# If the output is not a terminal, the files are copied.

from program import options

proc = None


def __main__(args):
    from less.keys import main  # late: not for --help

    first = [arg[1:] for arg in args if arg[:1] == "+" and len(arg) > 1]
    opts, files = options([arg for arg in args if arg[:1] != "+" or len(arg) == 1], "FiINrRsS")
    return main(opts, files, first[0] if first else "")
