# df - show the space of the file systems
# usage: df [-hkPT] [PATH...]
#
#   -h  human-readable sizes: 12K, 1.4M      -k  in KiB, as without options
#   -T  with the types of the file systems   -P  the headings of POSIX
# Shows all mounted file systems, or those of each PATH.
# `df > 0` stores a dict {"total", "used", "free", "%"} of the first one, in bytes.
# Deviations: no -t. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/df.html

import os

from base.files import inside
from base.paths import normal, space
from base.units import human
from program import complain, options, status

proc = None


def __main__(args):
    opts, paths = options(args, "hkPT")
    show = human if "h" in opts else lambda size: str((size + 1023) // 1024)
    size, share = ("Size" if "h" in opts else "1K-blocks"), "Use%"
    if "P" in opts and "h" not in opts:
        size, share = "1024-blocks", "Capacity"
    rows = [("Filesystem", "Type", size, "Used", "Available", share, "Mounted on")]
    points = mounts()
    for path in paths or [point for point in points if points[point][1] != "overlay"]:  # it has the figures of /
        try:
            full = normal(path, proc.cwd)
            os.stat(full)
            total, free = space(full)
        except OSError as e:
            complain(path, e)
            continue
        if not total and not paths:  # /proc and /dev
            continue
        point = max([point for point in points if inside(full, point)] or ["/"], key=len)
        used = total - free
        if proc.value is None:
            rate = free / total * 100 if total else 0
            proc.value = {"total": total, "used": used, "free": free, "%": f"{rate:.2f}%"}
        percent = f"{(used * 100 + total - 1) // total}%" if total else "-"
        rows.append(points.get(point, ("none", "-")) + (show(total), show(used), show(free), percent, point))
    if len(rows) > 1:
        write(rows, "T" in opts)
    return status()


def mounts():
    """Return {mount point: (device, type)}, / first. A device without a name is shown as its type."""
    found = {}
    with open("/proc/mounts") as table:
        for line in table:
            device, point, kind = line.split()[:3]
            found[point] = (kind if device == "none" else device, kind)
    return found


def write(rows, types):
    first, second = [max([len(row[column]) for row in rows]) for column in (0, 1)]
    for name, kind, size, used, free, share, point in rows:
        kind = f" {kind:<{second}}" if types else ""
        proc.stdout.write(f"{name:<{first}}{kind} {size:>11} {used:>9} {free:>9} {share:>{len(rows[0][5])}} {point}\n")
