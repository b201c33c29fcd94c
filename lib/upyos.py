# What stands behind sdata.upyos, sdata.procs and sdata.sysconfig: kernel, processes and configuration with the names that
# upyOS gave them.

import json
from time import ticks_diff, ticks_ms

import utls
from base.clock import now
from process import process as processes
from process.routing import run


class Kernel:
    """sdata.upyos."""

    def run_cmd(self, line):
        """Run a line of shell commands and wait for its end; the event loop runs it where a thread asks."""
        return run(utls.process().run(line))

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


class Settings:
    """sdata.sysconfig: the configuration as a dict, with the live variables of the session as its "env"."""

    def __init__(self, content):
        self._content = content

    def __getitem__(self, key):
        return Environment() if key == "env" else self._content[key]

    def __setitem__(self, key, value):
        self._content[key] = value

    def __delitem__(self, key):
        del self._content[key]

    def __contains__(self, key):
        return key in self._content

    def __iter__(self):
        return iter(self._content)

    def __len__(self):
        return len(self._content)

    def __repr__(self):
        """JSON, so that json.dump() writes what is in /etc/system.conf."""
        return json.dumps(self._content)

    def get(self, key, default=None):
        return self[key] if key in self._content else default

    def keys(self):
        return self._content.keys()

    def values(self):
        return [self[key] for key in self._content]

    def items(self):
        return [(key, self[key]) for key in self._content]


class Environment:
    """The variables of the shell that started the program, as a dict."""

    def _all(self):
        process = utls.process()
        found = dict(process.shell.vars) if process.shell else {}
        found.update(process.env)
        return found

    def __getitem__(self, name):
        value = utls.process().getenv(name)
        if value is None:
            raise KeyError(name)
        return value

    def __setitem__(self, name, value):
        utls.setenv(name, value)

    def __delitem__(self, name):
        self[name]  # KeyError
        utls.unset(name)

    def __contains__(self, name):
        return utls.process().getenv(name) is not None

    def __iter__(self):
        return iter(self._all())

    def __len__(self):
        return len(self._all())

    def __repr__(self):
        return repr(self._all())

    def get(self, name, default=None):
        value = utls.process().getenv(name)
        return default if value is None else value

    def keys(self):
        return self._all().keys()

    def values(self):
        return self._all().values()

    def items(self):
        return self._all().items()

    def update(self, other):
        for name in other:
            self[name] = other[name]

    def pop(self, name, *default):
        if name not in self and default:
            return default[0]
        value = self[name]
        utls.unset(name)
        return value
