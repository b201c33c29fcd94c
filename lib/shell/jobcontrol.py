# The built-ins that look after jobs: jobs, fg, bg and disown (wait and kill are in wait.py).

from process.session import signal_tree
from shell import commands
from shell.jobs import jobs_of


def b_jobs(shell, args):
    jobs = (shell.jobs or shell.outer_jobs or jobs_of(shell)).list
    for job in list(jobs):
        if args and args[0] == "-p":
            shell.write(f"{job.processes[0].pid}\n")
            continue
        mark = "+" if job is jobs[-1] else "-" if len(jobs) > 1 and job is jobs[-2] else " "
        pid = f" {job.processes[-1].pid}" if args and args[0] == "-l" else ""
        shell.write(f"[{job.number}]{mark}{pid} {job.state():<11} {job.text}\n")
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
        status = yield commands.foreground(shell, job.processes, job.text)
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
