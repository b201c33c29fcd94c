# Paths that no user of FTP or HTTP may read or write, whatever services.policy allows. unreadable() and unwritable()
# return the reason as text, or None if access is allowed.

from base import config, users
from base.files import inside

# The files that recover a board that does not boot. system.conf has the other protected files.
_RESCUE = ("/recovery.py", "/rescue.py", "/startup.py", "/spare.py", "/lib/spare.z")
_SYSTEM = ("/bin", "/etc", "/lib", "/rom")  # directories without which a board does not boot
_VIRTUAL = ("/proc/", "/dev/")  # file systems whose files are generated when opened
_FINITE = ("/dev/gpio/", "/dev/adc/", "/dev/led/")  # devices with an end of file


def real(directory, virtual):
    """The real path for the normal path `virtual` of a user whose root is directory."""
    return virtual if directory == "/" else directory if virtual == "/" else directory + virtual


def is_virtual(path):
    """Whether a normal path is in a virtual file system."""
    return (path + "/").startswith(_VIRTUAL)


def unreadable(path):
    """Why no service may read the file at a normal path, or None."""
    if users.secret(path):
        return "permission denied"
    if inside(path, "/dev") and not (path + "/").startswith(_FINITE):
        return "is a device"
    return None


def unwritable(path, root="/"):
    """Why no service may write, rename or remove a normal path, or None; root: the client's root directory."""
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


def irremovable(path):
    """Why no service may rename or remove the directory at a normal path, or None: what it holds would be lost or readable."""
    path = path.lower()
    if users.holds_secret(path) or any(inside(name, path) for name in _SYSTEM):
        return "is a protected system directory"
    return None
