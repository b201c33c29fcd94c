# Sessions: who reads commands from a terminal (or without one), and the processes in its foreground.

from process import process as processes


class Session:
    """Who sits at a terminal."""

    def __init__(self, name, terminal=None, user="root"):
        self.name = name
        self.terminal = terminal
        self.user = user
        self.leader = None  # what reads the commands: it has `process`, is_background(process) and give_up(space)
        self.foreground = None  # the processes that have the terminal; None: the leader itself
        if terminal:
            terminal.session = self

    def is_behind(self, process):
        """Whether process is in the background, where it must not take the input of the terminal."""
        leader = self.leader
        if not leader:
            return False
        while process and process is not leader.process:
            if self.foreground and process in self.foreground:
                return False
            if leader.is_background(process):
                return True
            process = processes.get(process.ppid)
        return False

    def signal(self, number):
        """A signal from the keyboard, for the processes in the foreground and all that they have started; False without any."""
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
