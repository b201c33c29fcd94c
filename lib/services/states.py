# The states of services, without loading their supervisor.

import sys

import base
from base.errors import Failure
from process import process as processes


def known():
    """The services of the supervisor by name; none before the first start."""
    supervisor = sys.modules.get("services.supervisor")
    return supervisor.services if supervisor else {}


def running():
    """The names of the enabled services that run now."""
    from services import definitions  # late: ps and free need none of it

    found = []
    for name in definitions.names():
        try:
            definition = definitions.read(name)
        except Failure:  # not a service, then
            continue
        if definition.enabled and state_of(definition)[0] == "running":
            found.append(definition.name)
    return found


_SCHEMES = {"httpd": ("http", 80), "ftpd": ("ftp", 21), "telnetd": ("telnet", 23), "webrepld": ("ws", 0)}


def urls(process):
    """The URLs under which the server of a process is reached from a network; none for a process without one."""
    from services.server import running  # late: ps and free need none of it

    for server in running:
        if process and server.process is process and server.name in _SCHEMES:
            scheme, usual = _SCHEMES[server.name]
            if getattr(server, "tls", None):
                scheme, usual = "https", 443
            port = "" if server.port == usual else f":{server.port}"
            return [f"{scheme}://{host}{port}/" for host in hosts()]
    return []


def hosts():
    """The addresses under which other computers reach the board; in a simulator, that of its computer."""
    if base.port_offset:
        return ["127.0.0.1"]
    from net.address import interfaces  # late: as above

    return [address for address, _ in interfaces() if address != "0.0.0.0"]


def find_daemon(name):
    """The process with that name that no session has started, or None."""
    for process in processes.table.values():
        if process.name == name and process.ppid == 1 and process.status is None:
            return process
    return None


def state_of(definition):
    """(state, process, Service or None) of a service, or of a daemon that its own program has started."""
    service = known().get(definition.name)
    if service and service.task:
        return service.state, service.process if service.state == "running" else None, service
    process = find_daemon(definition.daemon) if definition.daemon else None
    if process:
        return "running", process, service
    return service.state if service else "stopped", None, service
