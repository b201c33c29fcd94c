# cp - copy files and directories
# usage: cp [-afinprRuvT] SOURCE TARGET
# usage: cp [-aDfinprRuv] SOURCE... DIRECTORY
# usage: cp [-aDfinprRuv] -t DIRECTORY SOURCE...
#
#   -r, -R, -a  copy directories recursively     -v  print the copied files
#   -i  ask before overwriting     -n  never overwrite     -u  only newer files
#   -p  also the times that touch has set; modes that chmod has set are kept in any case
#   -f, -d, -L, -P, -H  no effect: there are no links
#   -T  TARGET is the copy itself, even if it is a directory
#   -D, --parents  the whole path of SOURCE below DIRECTORY      --preserve[=...], --no-preserve=...  no effect
# A file is replaced when its copy is complete: if the flash is full, the old one stays.
# System files that system.conf protects are not overwritten.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/cp.html

from base.errors import Failure
from program import complain, options, status
from transfer import copy_file, copy_tree, guard, pairs

proc = None

LONG = (
    ("recursive", "r"),
    ("force", "f"),
    ("interactive", "i"),
    ("no-clobber", "n"),
    ("verbose", "v"),
    ("update", "u"),
    ("parents", "D"),
    ("archive", "a"),
    ("target-directory", "t"),
    ("no-target-directory", "T"),
)


async def __main__(args):
    args = [arg for arg in args if arg.partition("=")[0] not in ("--preserve", "--no-preserve")]
    opts, names = options(args, "aDfinprRuvTt:dLPH", LONG)
    deep = "r" in opts or "R" in opts or "a" in opts
    for source, target in pairs(names, opts):
        try:
            if not guard(source, target):
                await copy_file(source, target, opts)
            elif deep:
                await copy_tree(source.rstrip("/"), target.rstrip("/"), opts)
            else:
                raise Failure(source, "Is a directory (not copied)")
        except (OSError, Failure) as e:
            complain(source, e)
    return status()
