# Which process holds most memory: a hint for users whose request was refused.

from micropython import const

from process import process as processes

_KERNEL = const(1)
_LEAST = const(4096)  # bytes; stopping a smaller process does not help
# Bytes that process.memory does not include: measured on a board with ROMFS, in the words of a 64-bit host.
_SESSION = const(9_600)  # a shell at a terminal
_SERVICE = const(28_000)  # modules that a service loads for its first client
_CLIENT = const(2_500)  # each client


def size(process):
    """An estimate of the bytes that a process holds: its program with all modules, its shell, its clients."""
    held = process.memory
    server = getattr(process, "server", None)
    if server and server.connections:
        held += _SERVICE + _CLIENT * len(server.connections)
    elif process.name == "sh" and process.session and process.session.name != "console":
        held += _SESSION
    return held


def largest():
    """The process that holds most memory, the later one of two equals; None if none holds much."""
    found = None
    for process in processes.table.values():
        if process.pid != _KERNEL and process.status is None and size(process) >= _LEAST:
            if not found or size(process) >= size(found):
                found = process
    return found


def refusal(what):
    """The message for a request that memory does not suffice for."""
    try:
        found = largest()
        if found:
            stop = f"service stop {found.name}" if hasattr(found, "server") else f"kill {found.pid}"
            return f"Out of memory for {what}. Stop a process, e.g. {found.name} ({stop}), and try again."
    except MemoryError:
        pass
    return "Out of memory. Stop a process and try again."
