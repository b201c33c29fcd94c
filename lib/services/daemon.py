# Services as processes: start, stop and status.

import asyncio

from micropython import const

from base.errors import Failure, Usage
from process import process as processes
from services.server import Null, Server, running, unload_package

_STOP_MS = const(3000)  # what a service may take to end after TERM
_STEP_MS = const(10)


def find_process(name):
    """The process of a running service, or None."""
    for process in processes.table.values():
        if process.name == name and process.ppid == 1 and process.status is None:
            return process
    return None


def begin(name, package, port, clients, unauthenticated_max, idle, refusal_format, memory, shell=False):
    """Start a service with the limits of services.server.Server, or those in system.conf; returns its Server.

    clients: (the key of their limit in system.conf, its default); idle: seconds.
    """
    from base import config, users  # late: a running service keeps the globals of this module alive

    users.require_password()
    options = config.section(name)
    port = options.get("port", port)
    idle_ms = options.get("idle", idle) * 1000
    server = Server(name, package, port, options.get(*clients), unauthenticated_max, idle_ms, refusal_format, memory)
    server.shell = shell
    start(server)
    return server


def start(server):
    """Run a Server as a process; returns the Process."""
    null = Null()
    try:  # a method of the server, not a function here: a function keeps the globals of its module alive
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
    """Stop a service; Failure if it is not running or does not end."""
    process = find_process(name)
    if not process:
        raise Failure(name, "not running")
    for signal in (15, 9):
        process.kill(signal)
        for _ in range(_STOP_MS // _STEP_MS):
            if process.status is not None:
                return
            await asyncio.sleep_ms(_STEP_MS)
    raise Failure(name, "cannot be stopped")


async def command(args, name, begin):
    """The commands of a service's program. begin() starts the service and returns its Server."""
    word = args[0] if args else ""
    if word[:1] == "-":  # --help, or an unknown option
        from program import options  # late: not at boot

        options(args, "")
    if len(args) > 1 or word not in ("start", "stop", "restart", "status"):
        raise Usage("unknown command" if word else "missing command", word)
    process = find_process(name)
    if word == "status":
        return status(name, process)
    if process and word == "start":
        raise Failure(name, "already running")
    if process:
        await stop(name)
    elif word == "stop":
        raise Failure(name, "not running")
    if word != "stop":
        unload_package(begin())
    return 0


def status(name, process):
    """Print the state of a service; returns the exit status."""
    if not process:
        print(f"{name}: not running")
        return 1
    server = process.server
    print(f"{name}: running, process {process.pid}, port {server.port}, clients {len(server.connections)}")
    for connection in server.connections:
        print(f"  {connection.address}{'' if connection.admitted else ' (not logged in)'}")
    return 0
