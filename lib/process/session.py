# Sessions: a shell with a terminal (or without one), and the job in its foreground.

from process import process as processes


class Session:
    """Who sits at a terminal."""

    def __init__(self, name, terminal=None, user="root"):
        self.name = name
        self.terminal = terminal
        self.user = user
        self.leader = None  # the Shell that reads the commands
        self.foreground = None  # the processes of the job that has the terminal; None: the shell itself
        if terminal:
            terminal.session = self

    def is_behind(self, process):
        """Whether process belongs to a background job, which must not take the input of the terminal."""
        leader = self.leader
        if not leader or not leader.jobs:
            return False
        while process and process is not leader.process:
            if self.foreground and process in self.foreground:
                return False
            for job in leader.jobs.list:
                if process in job.processes:
                    return True
            process = processes.get(process.ppid)
        return False

    def signal(self, number):
        """A signal from the keyboard: to the foreground job and all that it has started. False where there is nobody."""
        targets = self.foreground
        if targets is None:
            if self.leader:
                self.leader.process.kill(number)
            return self.leader is not None
        for process in targets:
            signal_tree(process, number)
        return True


def signal_tree(process, number):
    """Send a signal to a process and its descendants."""
    found = [process]
    for process in found:
        for child in list(processes.table.values()):
            if child.ppid == process.pid and child not in found:
                found.append(child)
    for process in found:
        process.kill(number)
