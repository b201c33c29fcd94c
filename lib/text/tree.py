# The files below some directories, chosen by patterns of their names: for `grep -r`.

from base.files import Walk
from base.paths import basename
from program import complain
from text.pattern import match


def files_below(tops, include=None, exclude=None, without=None):
    """Yield the paths of files below tops, or below the working directory.

    include and exclude are patterns of the names of files, without of directories.
    """
    for top in tops or ["."]:
        try:
            walk = Walk(top)
            for path, directory, depth in walk:
                name = basename(path)
                if directory:
                    if depth and without and match(without, name):
                        walk.prune()
                elif directory is not None and (not include or match(include, name)):
                    if not exclude or not match(exclude, name):
                        yield path if tops else path[2:]
        except OSError as e:
            complain(top, e)
