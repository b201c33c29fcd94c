# Processes by a pattern of their names: pgrep and pkill.

from process import cpu
from process import process as processes
from text.match import Matcher


def matching(pattern, full=False, whole=False):
    """The processes whose name (full: name and arguments) matches, the oldest first.

    Without the asker, the kernel, and those that have ended.
    """
    matcher = Matcher([pattern], extended=True, whole=whole)
    found = []
    for pid in sorted(processes.table):
        process = processes.get(pid)
        if pid == 1 or process is cpu.current or process.status is not None:
            continue
        text = " ".join([process.name] + [str(arg) for arg in process.args]) if full else process.name
        if matcher.test(text.encode()):
            found.append(process)
    return found
