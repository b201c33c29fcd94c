# Jobs: pipelines of a session in the background or stopped. Their built-ins are in shell/builtins/jobs.py.

from micropython import const

from base.errors import Failure
from process import memory
from process import process as processes
from process.stream import Stream
from shell import expand, foreground

_FEW = const(8)  # processes beside which a job is started without a look at the memory
_RESERVE = const(57344)  # bytes that a job must leave free for job control
_PIECE = const(12288)  # and so many of them in one piece

_HUP = const(1)


# The text of a command that is too long for the list of jobs.
_SHORT = {
    "and_or": "... && ...",
    "if": "if ...",
    "loop": "while ...",
    "for": "for ...",
    "group": "{ ... }",
    "subshell": "( ... )",
}


class Job:
    """A pipeline that runs in the background or is stopped."""

    def __init__(self, number, processes, text):
        self.number = number
        self.processes = processes
        self.text = text
        self.told = False  # the user knows that it is stopped
        self.raw = False  # the terminal's mode when it was stopped

    def line(self, mark, pid=""):
        """The job in the columns of bash's list."""
        state = self.state()
        return f"[{self.number}]{mark} {pid} {state:<24}{self.text}{' &' if state == 'Running' else ''}\n"

    def state(self):
        """Running, Stopped, or the way it ended."""
        last = self.processes[-1]
        for process in self.processes:
            if process.status is None:
                return "Stopped" if process.stopped else "Running"
        status = last.status
        if not status:
            return "Done"
        if status > 128:
            from process.signals import name  # late: only for jobs ended by a signal

            return "Killed" if status == 137 else "Terminated" if status == 143 else "SIG" + name(status - 128)
        return f"Exit {status}"


class Jobs:
    """The jobs of a shell."""

    warned = False  # the user has been told just now that some are stopped

    def __init__(self):
        self.list = []

    def add(self, processes, text):
        number = self.list[-1].number + 1 if self.list else 1
        job = Job(number, processes, text)
        self.list.append(job)
        return job

    def find(self, spec):
        """The job for %1, %%, %+, %-, %name, %?text or a pid; Failure where there is none."""
        jobs = self.list
        job = None
        if spec in ("", "%", "%%", "%+"):
            job = jobs[-1] if jobs else None
        elif spec == "%-":
            job = jobs[-2] if len(jobs) > 1 else jobs[-1] if jobs else None
        else:
            for item in jobs:
                if spec[0] != "%":
                    if spec in [str(p.pid) for p in item.processes]:
                        job = item
                elif spec[1:].isdigit():
                    if item.number == int(spec[1:]):
                        job = item
                elif spec[1:2] == "?":
                    if spec[2:] in item.text:
                        job = item
                elif item.text.startswith(spec[1:]):
                    job = item
        if not job:
            raise Failure(spec, "no such job")
        return job

    def reap(self):
        """Take out the jobs that have ended, and return them."""
        done = []
        for job in list(self.list):
            if job.processes[-1].status is not None and job.state() not in ("Running", "Stopped"):
                self.list.remove(job)
                for process in job.processes:
                    processes.table.pop(process.pid, None)
                done.append(job)
        return done

    def notices(self):
        """The lines about jobs that have ended or stopped since the last time."""
        for job in self.reap():
            yield job.line("+")
        for job in self.list:
            if job.state() == "Stopped" and not job.told:
                job.told = True
                yield job.line("+")

    def may_be_left(self, shell):
        """Whether Ctrl-D ends the shell: where a job is stopped, only the second one does."""
        if self.warned or "Stopped" not in [job.state() for job in self.list]:
            return True
        self.warned = True
        shell.process.stderr.write("There are stopped jobs.\n")
        return False

    def cancel(self, words=None):
        """End the running jobs that words name by %N or the number of a process; without words, the one started last.

        For the time when there is no memory for the program that does this, or to read a line: it takes next to none.
        """
        victim = None
        for job in self.list:
            if job.processes[-1].status is None:
                if not words:
                    victim = job
                elif "%" + str(job.number) in words or str(job.processes[-1].pid) in words:
                    victim = job
                    break
        if victim:
            for process in victim.processes:
                process.cancel()

    def hang_up(self):
        """The session has ended: its jobs get HUP, those that are stopped go on to see it."""
        from process.session import signal_tree  # late: only at the end

        for job in self.list:
            for process in job.processes:
                if process.status is None:
                    try:
                        signal_tree(process, _HUP)
                    except MemoryError:  # it may be what takes the memory
                        process.cancel()


def jobs_of(shell):
    if shell.jobs is None:
        shell.jobs = Jobs()
    return shell.jobs


def text_of(node):
    """The command of a node in a few words, for `jobs`."""
    kind = node[0]
    if kind == "simple":
        return " ".join([word if isinstance(word, str) else piece(word) for word in node[3]])
    if kind == "pipe":
        return " | ".join([text_of(item) for item in node[2]])
    return _SHORT.get(kind, "...")


def piece(word):
    out = ""
    for part in word:
        if isinstance(part, str):
            out += part
        elif part[0] == "quoted":
            out += "'" + part[1] + "'" if part[1] else ""
        elif part[0] == "var":
            out += "$" + part[2]
        else:
            out += "$(...)"
    return out


def start(shell, node):
    """Run a node in the background; a generator that returns 0."""
    if len(processes.table) > _FEW and not memory.is_free(_RESERVE, _PIECE):
        shell.complain("", Failure("", "not enough memory for another job"))
        return 1
    own = None
    if not shell.interactive and "monitor" not in shell.options:  # POSIX 2.9.3: without job control it reads nothing
        own, shell.process.stdin = shell.process.stdin, Stream()
    try:
        started = yield launch(shell, node)
    finally:
        if own:
            shell.process.stdin = own
    if isinstance(started, int):
        return started
    status = announce(shell, started, text_of(node))
    yield from shell.pause()  # it begins before the next command, and takes its memory before the next job is started
    return status


def launch(shell, node):
    """Start the processes of a job; a generator that returns them, or a status where that fails."""
    started = None
    if node[0] == "pipe" and not node[3] and len(node[2]) > 1:
        from shell import flow  # late: only for pipelines

        started = yield flow.start_pipeline(shell, node[2], True)
    elif node[0] == "simple" and not node[2]:
        argv = expand.fields(shell, node[3])
        if not isinstance(argv, list):
            argv = None if assigns(node[3]) else (yield argv)
        if argv and argv[0] == "run":
            argv = argv[1:]
        if argv:
            try:
                started = yield start_simple(shell, argv, node[4])
            except Failure as e:
                shell.complain(e.obj or argv[0], e.reason)
                return e.status
    return [shell.fork(node, "sh")] if started is None else started


def assigns(words):
    """True where the expansion of words may set a variable, which must not be seen in this shell."""
    for word in words:
        if not isinstance(word, str):
            for part in word:
                if not isinstance(part, str) and part[0] in ("param", "arith"):
                    return True
    return False


def start_simple(shell, argv, redirs):
    """Start a program with its redirections; a generator that returns [process], None where it is no program."""
    from shell import redirect  # late: only with redirections

    undo = []
    try:
        yield redirect.apply(shell, redirs, undo)
        process = foreground.start_program(shell, argv, True, None, None)
        return [process] if process else None
    finally:
        redirect.restore(shell, undo)


def start_generator(shell, run, node):
    """Run a generator function of a subshell's Shell as a background job."""
    return announce(shell, [shell.fork(node, "sh", run)], text_of(node))


def announce(shell, started, text):
    if "..." in text and shell.typed:
        text = shell.typed.strip().rstrip("&; ")
    job = jobs_of(shell).add(started, text)
    shell.last_job = started[-1].pid
    if shell.interactive:
        shell.process.stderr.write(f"[{job.number}] {shell.last_job}\n")
    return 0


def stopped(shell, started, argv):
    """A foreground job has been stopped: it becomes a job of the list. Returns its status."""
    text = argv if isinstance(argv, str) else " ".join(argv)
    for job in jobs_of(shell).list:
        if job.processes is started:
            break
    else:
        job = shell.jobs.add(started, text)
    job.told = True
    terminal = shell.process.session.terminal
    job.raw = terminal and terminal.raw
    if job.raw:
        terminal.set_raw(False)
    shell.process.stderr.write(job.line("+"))
    return 148  # 128 + SIGTSTP
