# What mount has mounted: the firmware's list has neither the names of the devices nor their modes.
# Apart from base.volumes, which is unloaded while something is mounted: 4.4 kB.
import vfs

points = {}  # mount point: (what, "ro" or "rw", the block device)


def of(point):
    """(what, mode) of a mount point; None for one that mount has not made."""
    return points[point][:2] if point in points else None


def place_of(what):
    """The mount point of a device; None if it is not mounted."""
    there = [point for _, point in vfs.mount()]
    for point in points:
        if points[point][0] == what and point in there:
            return point
    return None
