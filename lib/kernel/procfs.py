# /proc: what the system knows about itself and its processes, as files. docs/files.md lists them.

import gc
import sys
from time import ticks_diff, ticks_ms

import vfs

from base import VERSION, clock
from base.chip import idf_heap
from kernel.virtual import Report
from process import cpu, open_files
from process import process as processes

_OF_PROCESS = ("status", "comm", "cmdline", "environ", "cwd", "fd")
_TYPES = {
    "VfsLfs2": "littlefs2",
    "VfsLfs1": "littlefs1",
    "VfsFat": "vfat",
    "VfsRom": "romfs",
    "VfsPosix": "posix",
    "Packs": "packs",
}
_READ_ONLY = ("VfsRom", "Packs", "kernel.procfs")


def find(parts):
    """The node at a path: see kernel.virtual."""
    if not parts:
        return [str(pid) for pid in sorted(processes.table)] + ["self"] + sorted(_FILES) + ["net"]
    first = parts[0]
    if first == "net":
        from kernel import procnet  # late: only for /proc/net

        return procnet.find(parts[1:])
    if first != "self" and not first.isdigit():
        return Report(_FILES[first]) if first in _FILES and len(parts) == 1 else None
    process = cpu.current if first == "self" else processes.get(int(first))
    if not process:
        return None
    if len(parts) == 1:
        return _OF_PROCESS
    if parts[1] not in _OF_PROCESS or (len(parts) > 2 and parts[1] != "fd"):
        return None
    if parts[1] == "fd":
        streams = dict(open_files.streams(process))
        if len(parts) == 2:
            return [str(number) for number in sorted(streams)]
        if len(parts) > 3 or not parts[2].isdigit() or int(parts[2]) not in streams:
            return None
        return Report(lambda stream: open_files.describe(stream) + "\n", streams[int(parts[2])])
    return Report(
        {"status": status, "comm": comm, "cmdline": cmdline, "environ": environ, "cwd": cwd}[parts[1]], process
    )


def status(p):
    state = (
        "Z (has ended)" if p.status is not None else {"R": "R (running)", "H": "T (held)", "S": "S (is to end)"}[p.sts]
    )
    rows = (
        ("Name", p.name),
        ("State", state),
        ("Pid", p.pid),
        ("PPid", p.ppid),
        ("Session", p.session.name if p.session else "-"),
        ("User", p.session.user if p.session else "root"),
        ("Cwd", p.cwd),
        ("Elapsed", f"{ticks_diff(ticks_ms(), p.started) / 1000:.2f} s"),
        ("CpuTime", f"{p.time / 1000000:.2f} s"),
        ("Memory", f"{(p.memory + 1023) // 1024} kB"),
        ("Threads", 2 if p.thread else 1),
        ("FDs", len(list(open_files.streams(p)))),
    )
    return "".join([f"{name}:\t{value}\n" for name, value in rows])


def comm(p):
    return p.name + "\n"


def cmdline(p):
    return "".join([str(word) + "\0" for word in [p.name] + list(p.args)])


def environ(p):
    return "".join([f"{name}={value}\0" for name, value in p.env.items()])


def cwd(p):
    return p.cwd + "\n"


def meminfo():
    gc.collect()
    free = gc.mem_free()
    rows = [("MemTotal:", free + gc.mem_alloc()), ("MemFree:", free), ("MemUsed:", gc.mem_alloc())]
    found = idf_heap()
    if found:
        rows += zip(("IdfTotal:", "IdfFree:", "IdfLargest:"), found)  # noqa: B905
    return "".join([f"{name:<12}{(size + 512) // 1024:>8} kB\n" for name, size in rows])


def uptime():
    up = clock.uptime()
    busy = sum([p.time for p in processes.table.values()]) / 1000000
    return f"{up:.2f} {max(up - busy, 0):.2f}\n"


def version():
    from base.board import machine  # late: only for the version

    return f"Diatom version {VERSION} (MicroPython {'.'.join([str(n) for n in sys.implementation.version[:3]])}) {machine()}\n"


def mounts():
    from base import mounts as known  # late: only for mounts

    try:
        found = vfs.mount()
    except TypeError:  # firmware that cannot list them
        return "flash / littlefs2 rw 0 0\n"
    lines = []
    for volume, point in sorted(found, key=lambda pair: pair[1]):
        if point[:2] == "/.":  # the simulator's own
            continue
        kind = getattr(volume, "room", type(volume).__name__)
        what, mode = known.of(point) or ("flash" if point == "/" else "none", "rw")
        if kind in _READ_ONLY:
            mode = "ro"
        kind = _TYPES.get(kind, kind[kind.find(".") + 1 :])
        lines.append(f"{what} {point} {kind} {mode} 0 0\n")
    return "".join(lines)


def modules():
    lines = []
    for name in sorted(sys.modules):
        lines.append(f"{name} {getattr(sys.modules[name], '__file__', '-')}\n")
    return "".join(lines)


def cpuinfo():
    from base.board import machine, unique_id  # late: only for cpuinfo

    rows = [("processor", 0), ("machine", machine()), ("platform", sys.platform), ("serial", unique_id())]
    try:
        from machine import freq

        now = freq()
        rows.append(("cpu MHz", f"{(now[0] if isinstance(now, tuple) else now) / 1000000:g}"))
    except ImportError:
        pass
    rows.append(("byte order", sys.byteorder))
    rows.append(("word size", f"{64 if sys.maxsize > 2**32 else 32} bits"))
    return "".join([f"{name:<12}: {value}\n" for name, value in rows])


def services():
    from services import definitions  # late: only for services
    from services.states import state_of

    lines = []
    for name in definitions.names():
        try:
            state, process, _ = state_of(definitions.read(name))
            lines.append(f"{name} {state} {process.pid if process else '-'}\n")
        except Exception:  # a damaged definition
            lines.append(f"{name} damaged -\n")
    return "".join(lines)


_FILES = {
    "meminfo": meminfo,
    "uptime": uptime,
    "version": version,
    "mounts": mounts,
    "modules": modules,
    "cpuinfo": cpuinfo,
    "services": services,
}
