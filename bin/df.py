# df - show the space of the file systems
# usage: df [-hk] [PATH...]
#
#   -h  human-readable sizes: 12K, 1.4M      -k  in KiB, as without options
# Shows all mounted file systems, or those of each PATH.
# `df > 0` stores a dict {"total", "used", "free", "%"} of the first one, in bytes.
# Deviations: no -P and -t. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/df.html

import os

from base.files import inside
from base.paths import normal, space
from base.sizes import human
from program import complain, options, status

proc = None


def __main__(args):
    opts, paths = options(args, "hkP")
    show = human if "h" in opts else lambda size: str((size + 1023) // 1024)
    points = [point for point in mounts() if paths or point[:2] != "/."]  # the simulator has its hardware in /.sim
    rows = [("Mounted on", "Size" if "h" in opts else "1K-blocks", "Used", "Free", "Use%")]
    for path in paths or points:
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
            share = free / total * 100 if total else 0
            proc.value = {"total": total, "used": used, "free": free, "%": f"{share:.2f}%"}
        percent = f"{(used * 100 + total - 1) // total}%" if total else "-"
        rows.append((point, show(total), show(used), show(free), percent))
    width = max([len(row[0]) for row in rows])
    for row in rows if len(rows) > 1 else ():
        cells = [row[0] + " " * (width - len(row[0]))] + [f"{cell:>10}" for cell in row[1:4]] + [f"{row[4]:>5}"]
        proc.stdout.write(" ".join(cells) + "\n")
    return status()


def mounts():
    """The mount points, / first."""
    try:
        import vfs

        found = [
            point for volume, point in vfs.mount() if getattr(volume, "room", "") != "base.overlay"
        ]  # as the flash
    except (ImportError, TypeError):  # firmware that cannot list them
        found = []
    return sorted(set(found) | {"/"})
