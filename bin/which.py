# which - show the paths of programs
# usage: which [-a] NAME...
#
# Print the path of the file that each NAME runs, found in PATH. Built-ins of the shell have none: see type.
#   -a  all in PATH      -s  no output
# Status: 1 if a program is not found. The suffix of a program's file (.py, .mpy) is not shown.

from process import find
from program import options

proc = None


def __main__(args):
    opts, names = options(args, "as")
    status = 0 if names else 1
    for name in names:
        places = [""] if "/" in name else str(proc.env.get("PATH", find.PATH)).split(":")
        found = False
        for place in places:
            path = find.find((place or ".") + "/" + name if "/" not in name else name, proc)
            if not path:
                continue
            path = find.shown(path)
            if "s" not in opts:
                bare = path.rsplit(".", 1)[0] if path.endswith((".py", ".mpy")) else path
                proc.stdout.write((bare if not name.endswith((".py", ".mpy")) else path) + "\n")
            found = True
            if "a" not in opts:
                break
        if not found:
            status = 1
    return status
