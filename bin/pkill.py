# pkill - send a signal to the processes whose name matches
# usage: pkill [-SIGNAL] [-fnox] PATTERN
#
#   -SIGNAL  (TERM)               -f  match the arguments, too      -x  the whole name
#   -n  only the newest           -o  only the oldest
# PATTERN is an extended regular expression. The kernel, the shells of sessions, and pkill itself with its parents are
# excluded. Status 1 if there is no such process.

from base.errors import Usage
from process.signals import number
from program import options
from text.pids import matching, spared

proc = None

TERM = 15


def __main__(args):
    signal = TERM
    word = args[0][1:] if args and args[0][:1] == "-" else ""
    if word and (word.isdigit() or word.isalpha() and len(word) > 2):
        signal = number(word)
        args = args[1:]
    opts, words = options(args, "fnox")
    if len(words) != 1:
        raise Usage("expected one PATTERN")
    safe = spared()
    found = [p for p in matching(words[0], "f" in opts, "x" in opts) if p.pid not in safe]
    if "n" in opts or "o" in opts:
        found = found[-1:] if "n" in opts else found[:1]
    for p in found:
        p.kill(signal)
    return 0 if found else 1
