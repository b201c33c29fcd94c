# ed - edit text line by line
# usage: ed [-s] [-p PROMPT] [FILE]
#
# Commands: [ADDRESS[,ADDRESS]]COMMAND. An ADDRESS is N . $ 'MARK /EXPR/ ?EXPR? with +N or -N; % and , are 1,$ and ; is .,$
#   a i c  append, insert, change: the lines up to one with a single dot      d  delete      j  join      m N, t N  move, copy
#   p n l  print, with numbers, with escapes      s/EXPR/TEXT/[gpN]  replace      k MARK  mark      = the number      u  undo
#   g/EXPR/COMMANDS  on lines that match, v on the others      e r w W [FILE]  edit, read, write, append      f [FILE]  its name
#   q  quit, Q without saving      h H  explain errors      P  prompt      !COMMAND  run, or r, w with its output or input
#   -s  no sizes      -p PROMPT  before each command
# A text has at most 4,000 lines. After an error the status is 1, and 2 where changes are lost at the end of the input.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/ed.html

from lineeditor import Editor

from program import options

proc = None


async def __main__(args):
    opts, files = options(args, "sp:", "quiet=s silent=s prompt=p", most=1)
    editor = Editor(proc, "s" in opts, opts["p"])
    return await editor.run(files[0] if files else "")
