# What stands behind sdata.upyos and sdata.procs: kernel and processes with the names that upyOS gave them.

from time import ticks_diff, ticks_ms

from base.clock import now
from process import process as processes


class Kernel:
    """sdata.upyos."""

    def run_cmd(self, line):
        """Run a line of shell commands and wait for its end."""
        import kernel

        return kernel.run_cmd(line)

    def print_msg(self, text):
        """Print a message."""
        print(text)

    def killall(self, name=""):
        """Ask the processes to end whose name contains name."""
        for proc in Processes():
            if name in proc.cmd and proc.pid != 1:
                proc.sts = "S"


class Proc:
    """A process: pid, cmd, args, sts (writing S, H or R ends, holds or resumes it), stt, tid, isthr."""

    def __init__(self, process):
        self._process = process
        self.pid = process.pid
        self.cmd = process.name
        self.args = process.args
        self.stt = now() - ticks_diff(ticks_ms(), process.started) // 1000
        self.isthr = bool(process.thread)
        self.tid = process.pid if process.background else 0

    @property
    def sts(self):
        return self._process.sts

    @sts.setter
    def sts(self, value):
        self._process.kill({"S": 15, "H": 19, "R": 18}[value])


class Processes:
    """sdata.procs: looks at the table of processes each time it is asked. The kernel is not in it."""

    def _list(self):
        return [Proc(p) for p in list(processes.table.values()) if p.pid != 1 and p.status is None]

    def __iter__(self):
        return iter(self._list())

    def __len__(self):
        return len(self._list())

    def __getitem__(self, index):
        return self._list()[index]
