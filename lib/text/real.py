# Absolute paths, for realpath and readlink.

from base.paths import dirname, exists, isdir, isfile, normal
from process import cpu
from program import complain


def show(name, opts, bare):
    """Print the absolute path of name; opts: -e it must be there, -m nothing must. bare: without newline."""
    process = cpu.current
    path = normal(name, process.cwd)
    if not name:
        return complain("''", OSError(2))
    if "m" not in opts:
        if isfile(path) and name.endswith("/") or not exists(path) and isfile(dirname(path)):
            return complain(name, OSError(20))
        if not exists(path) and ("e" in opts or not isdir(dirname(path))):
            return complain(name, OSError(2))
    process.stdout.write(path if bare else path + "\n")
