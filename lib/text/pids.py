# What hold, resume, kill, killall, pgrep and pkill share: which processes may be meant, and sending them a signal.

from micropython import const

from base.errors import Failure, Usage
from process import cpu, process
from program import complain, status

_STOPS = (const(19), const(20))  # SIGSTOP and SIGTSTP


def spared():
    """The pids that no command for all may touch: the kernel, the asker and its ancestors, the shells of sessions."""
    pids = {1}
    for p in process.table.values():
        session = p.session
        if session and session.leader and session.leader.process is p:
            pids.add(p.pid)
    asker = cpu.current
    while asker and asker.pid not in pids:
        pids.add(asker.pid)
        asker = process.get(asker.ppid)
    return pids


def target(word):
    """The process for a pid as text; Failure where there is none or it is the kernel."""
    if not word.isdigit():
        raise Usage("invalid process ID", word)
    found = process.get(int(word))
    if not found or found.status is not None:
        raise Failure(word, "No such process")
    if found.pid == 1:
        raise Failure(word, "the kernel cannot be signalled")
    return found


def send(words, signal):
    """Send a signal to each pid; one that is not there is reported. Returns the exit status."""
    if not words:
        raise Usage("missing PID")
    for word in words:
        try:
            found = target(word)
        except Usage:
            raise
        except Failure as e:
            complain(word, e)
            continue
        if signal in _STOPS and found.session and found.session.leader and found.session.leader.process is found:
            complain(word, "the shell of a session cannot be stopped")
            continue
        found.kill(signal)
    return status()


def matching(pattern, full=False, whole=False):
    """The processes whose name (full: name and arguments) matches, the oldest first.

    Without the asker, the kernel, and those that have ended.
    """
    from regex.matcher import Matcher  # late: signals to pids need none

    matcher = Matcher([pattern], extended=True, whole=whole)
    found = []
    for pid in sorted(process.table):
        one = process.get(pid)
        if pid == 1 or one is cpu.current or one.status is not None:
            continue
        text = " ".join([one.name] + [str(arg) for arg in one.args]) if full else one.name
        if matcher.test(text.encode()):
            found.append(one)
    return found
