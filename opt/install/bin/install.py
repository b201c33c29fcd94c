# install - copy files and set their modes
# usage: install [-CDpsv] [-m MODE] [-T] SOURCE TARGET
# usage: install [-CDpsv] [-m MODE] SOURCE... DIRECTORY
# usage: install [-CDpsv] [-m MODE] -t DIRECTORY SOURCE...
# usage: install -d [-m MODE] DIRECTORY...
#
#   -m MODE  as chmod takes it (755)      -d  make directories, with those above them
#   -D  make the directories above TARGET      -t DIRECTORY  the target      -T  TARGET is no directory      -v  print the copies
#   -C, -p, -s, -c, -b, -o OWNER, -g GROUP  no effect
# System files that system.conf protects are not overwritten.

from base import attributes
from base.errors import Failure, Usage
from base.files import make_directories
from base.paths import DIRECTORY, dirname, isdir, mode, normal
from program import complain, options, status
from text.modes import changed
from transfer import copy_file, guard, pairs

proc = None

LONG = "directory=d mode=m owner=o group=g compare=C preserve-timestamps=p target-directory=t verbose=v no-target-directory=T"


async def __main__(args):
    opts, names = options(args, "bcCdDpsvTm:o:g:t:", LONG)
    bits = changed(0, opts["m"] or "755")
    if "d" in opts:
        if not names:
            raise Usage("missing operand")
        for name in names:
            try:
                make_directories(normal(name, proc.cwd))
                attributes.set_mode(normal(name, proc.cwd), bits)
            except (OSError, Failure) as e:
                complain(name, e)
        return status()
    parents = opts.given.pop("D", None)  # cp has another -D
    if parents:
        goal = opts["t"] or (dirname(names[-1]) if len(names) == 2 and not isdir(names[-1]) else ".")
        make_directories(normal(goal, proc.cwd))
    for source, target in pairs(names, opts):
        try:
            if guard(source, target):
                raise Failure(source, "Is a directory (not copied)")
            await copy_file(source, target, opts)
            if not mode(target) & DIRECTORY:
                attributes.set_mode(normal(target, proc.cwd), bits)
        except (OSError, Failure) as e:
            complain(source, e)
    return status()
