# Paths that no user of a service reads or writes, whatever he may do else (services.policy): the one place that decides it
# for FTP and HTTP. Functions that say `un...` return what forbids it as text, or None where it may be.

from base import config, users
from base.files import inside

# What brings a board back that does not boot: it is in the way of no upload. What else is protected, system.conf says.
_RESCUE = ("/recovery.py", "/rescue.py", "/startup.py", "/spare.py")
_MADE = ("/proc/", "/dev/")  # file systems whose files are made when they are opened
_FINITE = ("/dev/gpio/", "/dev/adc/", "/dev/led/")  # devices that end when they are read


def real(directory, virtual):
    """The path of what a user whose root is directory calls by the normal path virtual."""
    return virtual if directory == "/" else directory if virtual == "/" else directory + virtual


def is_virtual(path):
    """Whether a normal path is in a file system that is made, not stored."""
    return (path + "/").startswith(_MADE)


def unreadable(path):
    """Why no service gives away the content of the file at a normal path, or None."""
    if users.secret(path):
        return "permission denied"
    if inside(path, "/dev") and not (path + "/").startswith(_FINITE):
        return "is a device"
    return None


def unwritable(path, root="/"):
    """Why no service writes, renames or removes what is at a normal path, or None; root: all that the client sees."""
    if users.secret(path):
        return "permission denied"
    if inside(path, "/rom"):
        return "read-only file system"
    if is_virtual(path):
        return "operation not permitted"
    if path == root:
        return "the root cannot be changed"
    if path.lower() in _RESCUE or config.protected(path):
        return "is a protected system file"
    return None
