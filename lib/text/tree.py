# The files below some directories, chosen by patterns of their names: for `grep -r`.

from base.files import Walk
from base.paths import basename
from program import complain
from text.glob import fits


def files_below(tops, include=None, exclude=None, without=None):
    """Yield the paths of files: include and exclude are patterns of file names, without of directories."""
    for top in tops:
        try:
            walk = Walk(top)
            for path, directory, depth in walk:
                name = basename(path)
                if directory:
                    if depth and without and fits(without, name):
                        walk.prune()
                elif directory is not None and (not include or fits(include, name)):
                    if not exclude or not fits(exclude, name):
                        yield path
        except OSError as e:
            complain(top, e)
