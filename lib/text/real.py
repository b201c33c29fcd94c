# Absolute paths, for realpath and readlink.

from base.paths import dirname, exists, isdir, isfile, normal
from process import cpu


def real(name, whole, missing):
    """The absolute path of name; OSError where it is not there: all of it (whole), or all but its last part.

    missing: nothing needs to be there.
    """
    path = normal(name, cpu.current.cwd)
    if not name:
        raise OSError(2)
    if not missing:
        if isfile(path) and name.endswith("/") or not exists(path) and isfile(dirname(path)):
            raise OSError(20)
        if not exists(path) and (whole or not isdir(dirname(path))):
            raise OSError(2)
    return path
