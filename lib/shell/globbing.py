# Names of files as `shopt` has it: nullglob failglob dotglob globstar nocaseglob. Loaded when an option is set.

from base.errors import Failure
from shell import expand


def add(shell, out, pieces):
    """Append to out what a word stands for; False where that is the word itself."""
    options = shell.options
    from base import files  # noqa: F401  (leaves first)
    from text import glob

    found = glob.expand(
        expand.escaped(pieces),
        shell.process.cwd,
        "dotglob" in options,
        "nocaseglob" in options,
        "globstar" in options,
    )
    out.extend(found)
    if not found and "failglob" in options:
        raise Failure("".join(pieces[::2]), "no match")
    return bool(found) or "nullglob" in options
