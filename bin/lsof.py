# lsof - list the open files of processes
# usage: lsof [-p PID] [FILE...]
#
#   -p PID  only that process
# With FILE only processes that use it: as a stream, as their program (exe) or as their working directory (cwd). Files
# that a Python program has opened itself are unknown. Status 1 if nothing is listed.

from base.paths import normal
from process import open_files, process
from program import options

proc = None


def __main__(args):
    opts, names = options(args, "p:")
    only = opts.number("p", None)
    wanted = [normal(name, proc.cwd) for name in names]
    rows = []
    for pid in sorted(process.table):
        p = process.get(pid)
        if p.status is not None or (only is not None and pid != only):
            continue
        for number, path in entries(p):
            if not wanted or path in wanted:
                rows.append(f"{p.name:<12} {pid:>5} {number:>4} {path}\n")
    if rows:
        proc.stdout.write("COMMAND        PID   FD NAME\n" + "".join(rows))
    return 0 if rows else 1


def entries(p):
    """Yield (what, path or description) of all that a process has open."""
    yield "cwd", p.cwd
    if isinstance(getattr(p, "main", None), str):
        yield "exe", p.main
    for number, stream in open_files.streams(p):
        name = open_files.describe(stream)
        yield str(number), normal(name, p.cwd) if open_files.is_file(stream) else name
