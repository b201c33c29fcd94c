# Who holds the memory: what can be stopped for somebody who has been refused.

from micropython import const

from process import process as processes

_KERNEL = const(1)
_LEAST = const(4096)  # bytes; what holds less is no help
# Bytes that are not counted as they are loaded: measured on a board with ROMFS, in the words of a 64-bit host.
_SESSION = const(9_600)  # a shell at a terminal
_SERVICE = const(28_000)  # what a service has loaded for its first client,
_CLIENT = const(2_500)  # and what each of them takes


def size(process):
    """About how many bytes would be free without a process: its program and what that has loaded, its shell, its clients."""
    held = process.memory
    server = getattr(process, "server", None)
    if server and server.connections:
        held += _SERVICE + _CLIENT * len(server.connections)
    elif process.name == "sh" and process.session and process.session.name != "console":
        held += _SESSION
    return held


def largest():
    """The process without which most would be free; None where none holds much. Of two that hold as much, the later one."""
    found = None
    for process in processes.table.values():
        if process.pid != _KERNEL and process.status is None and size(process) >= _LEAST:
            if not found or size(process) >= size(found):
                found = process
    return found


def refusal(what):
    """The sentence for somebody for whom there is no memory."""
    try:
        found = largest()
        if found:
            stop = f"service stop {found.name}" if hasattr(found, "server") else f"kill {found.pid}"
            return f"Out of memory: no room for {what}. Stop something, e.g. {found.name} ({stop}), and try again."
    except MemoryError:
        pass
    return "Out of memory. Stop something and try again."
