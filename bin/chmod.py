# chmod - change the modes of files
# usage: chmod [-cfRv] MODE FILE...
# usage: chmod [-cfRv] --reference=FILE FILE...
#
# MODE is octal digits, or clauses such as u+x, go-w, a=rX.
#   -R  directories with all in them      -v  tell of each file, -c of those that change      -f  no messages
# The file systems keep no modes: those that differ from the usual one are in a table, /var/attributes, of 100 files.
# They are shown by ls, stat, find and test, and kept by cp, mv and tar. Nothing is refused because of them: everything
# on the board is root's, and a program runs by its name.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/chmod.html

from base import attributes
from base.errors import Failure, Usage
from base.files import Walk
from base.paths import normal
from program import complain, inform, odd, status
from text.modes import changed, shown

proc = None

FLAGS = {"--recursive": "R", "--verbose": "v", "--changes": "c", "--quiet": "f", "--silent": "f"}


def __main__(args):
    flags = ""
    words = []
    mode = None
    inform(args[0] if args else "")
    for i, arg in enumerate(args):  # -x is a mode, not an option
        if arg == "--":
            words += args[i + 1 :]
            break
        if arg in FLAGS or (arg[:1] == "-" and len(arg) > 1 and not arg[1:].strip("cfRv")):
            flags += FLAGS.get(arg, arg)
        elif arg[:12] == "--reference=":
            mode = f"{attributes.stat(arg[12:], proc.cwd)[0] & 0o7777:o}"
        else:
            words.append(arg)
    if mode is None and words:
        mode = words.pop(0)
    if not words:
        raise Usage("missing operand")
    changed(0, mode)  # report an invalid mode once
    for name in words:
        try:
            for path, directory, _ in Walk(name, odd) if "R" in flags else ((name, False, 0),):
                if directory is not None:
                    change(path, mode, flags)
        except (OSError, Failure) as e:
            if "f" in flags:
                proc.failed = 1
            else:
                complain(name, e)
    return status()


def change(name, mode, flags):
    """Change the mode of a file."""
    path = normal(name, proc.cwd)
    old = attributes.stat(path)[0]
    new = changed(old & 0o7777, mode, old & 0x4000 != 0, proc.shell.mask if proc.shell else 0)
    if new != old & 0o7777:
        attributes.set_mode(path, new)
    if "v" in flags or ("c" in flags and new != old & 0o7777):
        was = f"changed from {old & 0o7777:04o} ({shown(old)[1:]}) to" if new != old & 0o7777 else "retained as"
        proc.stdout.write(f"mode of '{name}' {was} {new:04o} ({shown(new)[1:]})\n")
