# edit - edit a file on the whole screen, without modes
# usage: edit [-R] [+N] [FILE]
#
# Type; the arrows, Home, End, PgUp, PgDn move. ^X is Ctrl-X, M-X is Alt-X or Esc and then X.
#   ^O  save                     ^S  save without a question       ^X  exit      ^G  this text
#   ^K  cut the line, or the selection      M-6  copy it     ^U  paste           M-A  set the mark
#   ^W  search, M-W again, M-Q backwards    ^\  replace      ^_, M-G  go to a line, or LINE,COLUMN
#   M-U  undo, M-E  redo         ^R  insert a file   ^C  position       M-N  line numbers     M-I  auto-indent
#   ^A ^E ^P ^N ^B ^F ^Y ^V  move like Home, End and so on      Ctrl and an arrow  a word     ^D  delete   ^L  redraw
# Options: -R  read only      +N  begin at line N
# A swap file, .NAME.swp, keeps unsaved changes of a lost session; the next start offers to recover them.

from base.errors import Usage
from program import options

proc = None


async def __main__(args):
    first = [arg[1:] for arg in args if arg[:1] == "+"]
    opts, files = options([arg for arg in args if arg[:1] != "+"], "R")
    if len(files) > 1:
        raise Usage("extra operand", files[1])
    from edit.editor import terminal, unload  # late: a usage error needs none
    from edit.nano import Nano

    editor = Nano(terminal(proc, files))
    editor.readonly = "R" in opts
    if first:
        editor.queue = ["M-g"] + list(first[0]) + ["\r"]
    try:
        return await editor.run(files[0] if files else "")
    finally:
        unload(proc)
