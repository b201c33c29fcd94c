# vi - edit a file on the whole screen, in modes
# usage: vi [-R] [+N|+/PATTERN] [FILE...]
#
#   -R  read only      +N  begin in line N, + in the last      +/PATTERN  begin where it matches
# Commands take a count before them. Esc leads back here from everywhere.
# Move: h j k l, arrows   w b e W B E  words   0 ^ $  line   gg G NG  lines   { }  paragraphs   %  the other bracket
#   f t F T CHAR ; ,  in the line   Ctrl-F B D U E Y  the window   H M L   m LETTER ' LETTER  marks
# Type: i a  at the cursor, behind it   I A  at the ends of the line   o O  a new line   R  over what is there   Esc
#   Ctrl-W Ctrl-U  take back a word, the line   Ctrl-T Ctrl-D  indent   Ctrl-V KEY  the key as it is
# Change: d c y < > MOTION   dd cc yy >> <<   D C Y x X s S r J ~   p P  put   "LETTER  a register   u Ctrl-R   .
#   !MOTION COMMAND  !!COMMAND  through a command   U  the line as it was   iw aw i" a( ip ... behind d c y; v V mark text first
# Search: /PATTERN ?PATTERN n N * #   (basic regular expressions)
# Lines: :N :w :q :wq :x :q! ZZ ZQ   :w FILE :e FILE :r FILE :r !COMMAND :!COMMAND :n :N :f
#   Ctrl-Z :st  back to the shell, until `fg`
#   :[RANGE]s/PATTERN/TEXT/g (flags g i n)   :g/PATTERN/COMMAND :v   d y > < j m t
#   RANGE: N . $ % 'a /PATTERN/ +N -N      :set nu ic ai et ro sw=N (noX: off)      :syntax off
# A swap file, .NAME.swp, keeps what was not written when a session is lost; the next start offers it.

from process.memory import patiently
from program import options

proc = None


async def __main__(args):
    first = [arg[1:] for arg in args if arg[:1] == "+"]
    opts, files = options([arg for arg in args if arg[:1] != "+"], "R")
    await patiently(__import__, "edit.vi")  # late: a usage error needs none
    from edit.editor import terminal, unload  # late: as edit.vi
    from edit.vi import Vi  # late: with the first file

    editor = Vi(terminal(proc, files))
    editor.readonly = "R" in opts
    editor.files = files
    if first:
        text = first[0]
        editor.queue = list(text + "\r" if text[:1] == "/" else text + "G")
    try:
        return await editor.run(files[0] if files else "")
    finally:
        unload(proc)
