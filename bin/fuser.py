# fuser - print the pids of the processes that use a file
# usage: fuser [-kms] [-SIGNAL] FILE...
#
#   -k  send them KILL, or SIGNAL      -m  all files of the file system mounted at FILE      -s  print nothing
# A pid is followed by c for its working directory, e for its program. Status 1 if one FILE is unused.

from base.errors import Usage
from base.files import inside
from base.paths import normal
from process import open_files, process
from program import options
from text.pids import spared

proc = None

KILL = 9


def __main__(args):
    signal = KILL
    for arg in args:
        if arg[:1] == "-" and len(arg) > 2 and (arg[1:].isdigit() or arg[1:].upper() == arg[1:]):
            from process.signals import number  # late: only with a signal

            signal = number(arg[1:])
            args = [word for word in args if word is not arg]
    opts, names = options(args, "kms")
    if not names:
        raise Usage("missing FILE")
    status = 0
    for name in names:
        path = normal(name, proc.cwd)
        users = {}
        for p in process.table.values():
            marks = uses(p, path, "m" in opts) if p is not proc else ""
            if marks is not None and p is not proc:
                users[p.pid] = marks
        if not users:
            status = 1
        elif "s" not in opts:
            proc.stdout.write(f"{name}:" + "".join([f" {pid}{users[pid]}" for pid in sorted(users)]) + "\n")
        if "k" in opts:
            for pid in users:
                if pid not in spared():
                    process.get(pid).kill(signal)
    return status


def uses(p, path, below):
    """Return "c", "e" or "" if a process uses path (below: or something in it), else None."""
    if p.status is not None:
        return None
    places = [(p.cwd, "c")]
    if isinstance(getattr(p, "main", None), str):
        places.append((p.main, "e"))
    for _, stream in open_files.streams(p):
        if open_files.is_file(stream):
            places.append((normal(stream.path, p.cwd), ""))
    marks = [mark for place, mark in places if place == path or (below and inside(place, path))]
    return "".join(sorted(set(marks))) if marks else None
