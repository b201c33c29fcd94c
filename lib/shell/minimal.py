# Commands that free memory, for when they cannot be loaded: without an import and with hardly any allocation.
#
# These stand in when such a command, as it was typed, has just failed for lack of memory. They know no options but the
# number of a signal; rm only removes the user's files.

import gc
import os
import sys

from micropython import const

from base.paths import normal
from process import process as processes
from shell.lexer import SAFE

_KILL = const(9)

_PLAIN = SAFE + " \n"  # characters of a line: no quotes, pipes or the like
OWN = ("/tmp/", "/home/", "/local/", "/var/", "/mnt/")  # where rm removes


def run(shell):
    """Run the command that was typed, if it is one of these. Without a line to read, end the job started last."""
    words = shell.typed.split()
    if shell.typed.strip(_PLAIN):
        return
    if not words:
        if shell.jobs:
            shell.jobs.cancel()
        return
    command = COMMANDS.get(words[0])
    if command:
        command(shell, words[1:])


def m_kill(shell, args):
    if shell.jobs:
        shell.jobs.cancel(args)
    for process in processes.table.values():
        if str(process.pid) in args and process.pid != 1:
            if "-9" in args or "-KILL" in args:
                process.signal = _KILL
            process.cancel()


def m_ps(shell, args):
    for process in processes.table.values():
        shell.write(f"{process.pid:5} {process.name}\n")


def m_free(shell, args):
    shell.write(f"{gc.mem_alloc()} bytes used, {gc.mem_free()} free\n")


def m_ls(shell, args):
    for path in args or [""]:
        for entry in os.ilistdir(normal(path, shell.process.cwd)):
            shell.write(f"{entry[0]}\n")


def m_rm(shell, args):
    for path in args:
        path = normal(path, shell.process.cwd)
        if path.startswith(OWN):
            os.remove(path)


def m_service(shell, args):
    supervisor = sys.modules.get("services.supervisor")
    if supervisor and args[:1] == ["stop"]:
        for name in args[1:]:
            service = supervisor.services.get(name)
            if service and service.task:
                service.task.cancel()  # so that it is not started again
                if service.process:
                    service.process.cancel()
                service.state, service.task = "stopped", None


def m_reboot(shell, args):
    sys.modules["kernel"].reboot()


COMMANDS = {
    "kill": m_kill,
    "ps": m_ps,
    "free": m_free,
    "ls": m_ls,
    "rm": m_rm,
    "service": m_service,
    "reboot": m_reboot,
}
