# jobs, fg, bg, disown, wait, kill: the jobs of a shell.

import asyncio

from base.errors import Failure, Usage
from process import process as processes
from process.session import signal_tree
from process.signals import NUMBERS
from process.signals import name as name_of
from process.signals import number as number_of
from shell import foreground
from shell.jobs import jobs_of

_SIGNAL_MAX = 64


def b_jobs(shell, args):
    table = shell.jobs or shell.outer_jobs or jobs_of(shell)
    letters = ""
    while args and args[0][:1] == "-" and len(args[0]) > 1:
        letters += args[0][1:]
        args = args[1:]
    for letter in letters:
        if letter not in "lprs-":
            raise Usage("invalid option", "-" + letter)
    chosen = [table.find(spec) for spec in args] if args else list(table.list)
    for job in chosen:
        state = job.state()
        if ("r" in letters and state != "Running") or ("s" in letters and state != "Stopped"):
            continue
        if "p" in letters:
            shell.write(f"{job.processes[0].pid}\n")
            continue
        mark = "+" if job is table.list[-1] else "-" if len(table.list) > 1 and job is table.list[-2] else " "
        shell.write(job.line(mark, str(job.processes[-1].pid) if "l" in letters else ""))
    if shell.jobs:
        shell.jobs.reap()
    return 0


def b_disown(shell, args):
    jobs = jobs_of(shell)
    if args and args[0] in ("-a", "-r", "-h"):
        chosen = [job for job in jobs.list if args[0] != "-r" or job.state() == "Running"] if not args[1:] else []
        args = args[1:]
    else:
        chosen = [] if args else [jobs.find("")]
    chosen += [jobs.find(spec) for spec in args]
    jobs.list = [job for job in jobs.list if job not in chosen]
    return 0


def b_fg(shell, args):
    job = jobs_of(shell).find(args[0] if args else "")
    shell.write(job.text + "\n")
    job.told = False
    if job.raw:
        shell.process.session.terminal.set_raw(True)
    go_on(job)
    try:
        status = yield foreground.wait(shell, job.processes, job.text)
    finally:  # also when Ctrl-C has ended it
        if job.state() not in ("Running", "Stopped") and job in shell.jobs.list:
            shell.jobs.list.remove(job)
    return status


def b_bg(shell, args):
    job = jobs_of(shell).find(args[0] if args else "")
    job.told = False
    go_on(job)
    shell.write(f"[{job.number}]+ {job.text} &\n")
    return 0


def go_on(job):
    """Continue a stopped job with all descendants of its processes."""
    for process in job.processes:
        if process.status is None:
            signal_tree(process, 18)


# --- wait and kill


def b_wait(shell, args):
    jobs = jobs_of(shell)
    into = ""  # -p: the variable for the pid of what has ended
    following = False
    while args and args[0][:1] == "-" and args[0] != "--":
        if args[0] == "-n":
            following = True
        elif args[0] == "-p" and len(args) > 1:
            into = args[1]
            args = args[1:]
        else:
            raise Usage("invalid option", args[0])
        args = args[1:]
    if following:
        return wait_any(shell, jobs, args, into)
    if args[:1] == ["--"]:
        args = args[1:]
    if not args:
        return wait_all(shell, jobs)
    return wait_each(shell, jobs, args)


def wait_all(shell, jobs):
    for job in list(jobs.list):
        for process in job.processes:
            status = yield wait_for(shell, process)
            if shell.pending:
                return status
    jobs.reap()
    return 0


def wait_each(shell, jobs, args):
    status = 0
    for arg in args:
        try:
            process = process_of(shell, jobs, arg)
        except Failure as e:
            shell.complain("wait", e)
            status = 127 if arg[:1] == "%" else e.status
            continue
        if not process:
            status = 127
            continue
        status = yield wait_for(shell, process)
        if shell.pending:
            break
        processes.table.pop(process.pid, None)
        jobs.list = [job for job in jobs.list if process not in job.processes]
    return status


def process_of(shell, jobs, arg):
    """The process of %job or a PID; None for an unknown PID."""
    if arg[:1] == "%":
        return jobs.find(arg).processes[-1]
    if not arg.isdigit():
        raise Failure(arg, "not a pid or valid job spec", 1 if shell.bash else 2)
    for job in jobs.list:
        for process in job.processes:
            if process.pid == int(arg):
                return process
    process = processes.get(int(arg))
    if not process and shell.interactive:
        raise Failure(arg, "No such process", 127)
    return process


def wait_for(shell, process):
    """Wait for the end of a process, or a signal that is trapped: the status, above 128 for a signal; a generator."""
    traps = shell.traps
    if traps:
        traps.child = process
    while process.status is None and not shell.pending:
        if not process.exited:
            process.exited = asyncio.Event()
        yield from process.exited.wait()
    if traps:
        traps.child = None
    if shell.pending:  # the process may have ended, too: it can be waited for again
        return 128 + NUMBERS.get(traps.waiting[0], 0)
    return process.status


def wait_any(shell, jobs, args, into):
    """wait -n: for the next job to end."""
    waited = [process_of(shell, jobs, arg) for arg in args] if args else [job.processes[-1] for job in jobs.list]
    if not waited:
        return 127
    while not shell.pending:
        for process in waited:
            if not process:
                return 127
            if process.status is not None:
                processes.table.pop(process.pid, None)
                jobs.list = [job for job in jobs.list if process not in job.processes]
                if into:
                    shell.assign(into, str(process.pid))
                return process.status
        yield from asyncio.sleep_ms(10)  # several ends, and no one event for them
    return 128 + NUMBERS.get(shell.traps.waiting[0], 0)


def b_kill(shell, args):
    signal = 15
    if args and args[0] in ("-l", "-L"):
        return list_signals(shell, args[1:])
    if len(args) > 1 and args[0] in ("-s", "-n"):
        signal = number_of(args[1])
        args = args[2:]
    elif args and args[0][:1] == "-" and len(args[0]) > 1 and args[0] != "--":
        signal = number_of(args[0][1:])
        args = args[1:]
    if signal > _SIGNAL_MAX:
        raise Failure(str(signal), "invalid signal specification")
    if args[:1] == ["--"]:
        args = args[1:]
    if not args:
        raise Usage("usage: kill [-SIGNAL] PID|%JOB...")
    status = 0
    for arg in args:
        if arg[:1] == "%":
            targets = jobs_of(shell).find(arg).processes
        else:
            if not arg.isdigit():
                raise Failure(arg, "not a pid or valid job spec")
            target = processes.get(int(arg))
            if (
                not target
                or target.pid == 1
                or target.status is not None
                and (not signal or target.ppid != shell.process.pid)
            ):
                shell.complain(
                    "kill",
                    Failure(
                        arg,
                        "Operation not permitted" if target and target.status is None else "No such process",
                    ),
                )
                status = 1
                continue
            targets = [target]
        for process in targets:
            process.kill(signal)
    return status


def list_signals(shell, args):
    """kill -l: the names of signals, or one for each number, and the number for each name."""
    if not args:
        shell.write(" ".join(sorted(NUMBERS, key=lambda n: NUMBERS[n])) + "\n")
    for arg in args:
        if not arg.isdigit():
            text = "0" if arg == "EXIT" else str(number_of(arg))
        else:
            number = int(arg)
            text = name_of(number - 128 if number > 128 else number) if number else "EXIT"
            if text.isdigit():
                raise Failure(arg, "invalid signal specification")
        shell.write(text + "\n")
    return 0
