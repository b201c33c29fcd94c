# less - look at text a screen at a time
# usage: less [-FiINrRsS] [+COMMAND] [FILE...]
#
#   -N  line numbers      -S  long lines are cut, not folded      -r, -R  colours      -i, -I  case does not matter
#   -F  end at once where all fits on the screen      -s  one blank line for several      +G, +/REGEX, +N, +F  do that first
# Keys: space f PgDn, b PgUp   a screen      d, u  half of one      j Down Enter, k Up   a line      q  end
#       g, G   the first, the last line; NG line N; N% a place      /REGEX, ?REGEX   search; n, N   again
#       r, Ctrl-L   draw again, in the size that the window at a serial line has now
#       F   wait for more      Right, Left   with -S      -N -S -i   change an option      :n :p   other files
# Where the output is no terminal, the files are copied.

from program import options

proc = None


def __main__(args):
    from less.keys import main

    first = [arg[1:] for arg in args if arg[:1] == "+" and len(arg) > 1]
    opts, files = options([arg for arg in args if arg[:1] != "+" or len(arg) == 1], "FiINrRsS")
    return main(opts, files, first[0] if first else "")
