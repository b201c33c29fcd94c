# Services as processes: start, stop and status of what runs beside the sessions.

import asyncio

from micropython import const

from base.errors import Failure, Usage
from process import process as processes
from services.server import Null, Server, running, spare

_STOP_MS = const(3000)  # what a service may take to end after TERM
_STEP_MS = const(10)


def find(name):
    """The process of a running service, or None."""
    for process in processes.table.values():
        if process.name == name and process.ppid == 1 and process.status is None:
            return process
    return None


def begin(name, room, port, clients, strangers, idle, full, memory, shell=False):
    """Start a service with the limits of services.server.Server, or those that system.conf has; returns its Server.

    clients: (what their number is called in system.conf, how many there may be); idle: seconds.
    """
    from base import config, users  # late: what runs as a service holds all that this module has

    users.require_password()
    options = config.get(name) or {}
    port = options.get("port", port)
    idle_ms = options.get("idle", idle) * 1000
    server = Server(name, room, port, options.get(*clients), strangers, idle_ms, full, memory)
    server.shell = shell
    start(server)
    return server


def start(server):
    """Run a Server as a process of its own; returns the Process."""
    null = Null()
    try:  # a method of the server, not a function of this module: a function keeps the globals of its module
        process = processes.spawn(
            server.name, [], processes.get(1), server.main, stdin=null, stdout=null.dup(), stderr=null.dup()
        )
    except BaseException:
        server.socket.close()
        running.remove(server)
        raise
    process.server = server
    server.process = process
    process.cwd = "/"
    return process


async def stop(name):
    """Stop a service; Failure where it does not run or does not end."""
    process = find(name)
    if not process:
        raise Failure(name, "is not running")
    for signal in (15, 9):
        process.kill(signal)
        for _ in range(_STOP_MS // _STEP_MS):
            if process.status is not None:
                return
            await asyncio.sleep_ms(_STEP_MS)
    raise Failure(name, "does not stop")


async def command(args, name, begin):
    """The program of a service: start, stop, restart or status. begin() starts it and returns its Server."""
    word = args[0] if args else ""
    if word[:1] == "-":  # --help, or an option that there is not
        from program import options

        options(args, "")
    if len(args) > 1 or word not in ("start", "stop", "restart", "status"):
        raise Usage("start, stop, restart or status?" if not word else "unknown command", word)
    process = find(name)
    if word == "status":
        return status(name, process)
    if process and word == "start":
        raise Failure(name, "is running")
    if process:
        await stop(name)
    elif word == "stop":
        raise Failure(name, "is not running")
    if word != "stop":
        spare(begin())
    return 0


def status(name, process):
    """Print how a service is; returns the exit status."""
    if not process:
        print(f"{name}: not running")
        return 1
    server = process.server
    print(f"{name}: running, process {process.pid}, port {server.port}, clients {len(server.connections)}")
    for connection in server.connections:
        print(f"  {connection.address}{'' if connection.admitted else ' (not logged in)'}")
    return 0
