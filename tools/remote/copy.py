"""diatom cp: files and directories to, from or on the board."""

import errno
import os
import posixpath

from remote import address
from remote.board import digest, temporary
from remote.errors import RemoteError, os_error
from remote.output import size as count_of

EPILOG = """\
One side at least is on the board: diatom cp main.py board:/home/, diatom cp -r board:/etc ., diatom cp board:/a board:/b.
A file that is the same on both sides (by its SHA-256) is not sent again. A file is replaced at one stroke.
"""


def arguments(parser, verb):
    parser.epilog = EPILOG
    parser.add_argument("-r", action="store_true", help="directories with everything in them")
    parser.add_argument("-f", "--force", action="store_true", help="send what is the same, too")
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help="a file or directory; board:PATH is on the board")
    parser.add_argument("target", metavar="TARGET", help="the place of the copy, or a directory for the copies")


def run(options, out):
    there, target = address.split(options.target)
    sources = [address.split(source) for source in options.sources]
    if not there and not any(on_board for on_board, _ in sources):
        raise RemoteError("cp: no side is on the board (board:PATH)", 2)
    if not there and not all(on_board for on_board, _ in sources):
        raise RemoteError("cp: all sources must be on the board for a target that is not", 2)
    with address.connect(options, out) as board:
        side = BoardSide(board) if there else HostSide()
        into = side.is_directory(target)
        if not into and (len(sources) > 1 or options.target.endswith("/")):
            raise os_error(errno.ENOTDIR, options.target)
        jobs, directories, skipped = [], [], []
        for on_board, source in sources:
            origin = BoardSide(board) if on_board else HostSide()
            name = posixpath.basename(os.path.abspath(source))
            gather(origin, source, posixpath.join(target, name) if into else target, options.r, jobs, directories)
            skipped += getattr(origin, "skipped", [])
        sent = transfer(board, side, jobs, directories, options.force, out)
    for path in skipped:
        out.warn("%s: not copied: neither a file nor a directory of its own" % path)
    out.result({"copied": [path for path, _ in sent], "same": len(jobs) - len(sent), "skipped": skipped})
    return 1 if skipped else 0


def gather(origin, source, target, recursive, jobs, directories):
    """Add the (origin, source, target, size) of files to jobs, and what must be a directory to directories."""
    if not origin.is_directory(source):
        jobs.append((origin, source, target, origin.size(source)))
        return
    if not recursive:
        raise RemoteError("%s: is a directory (-r copies those)" % source)
    directories.append(target)
    for path, relative, is_directory, size in origin.walk(source):
        place = posixpath.join(target, relative)
        if is_directory:
            directories.append(place)
        else:
            jobs.append((origin, path, place, size))


def transfer(board, side, jobs, directories, force, out):
    """Copy; return [(target, size)] of what was not there already. If it cannot fit, write nothing."""
    sent = []
    with out.bar("cp", sum(size for *_, size in jobs)) as bar:
        todo = []
        for origin, source, target, size in jobs:
            bar.name(posixpath.basename(source))
            if not force and side.hash(target, size) == origin.hash(source) is not None:
                bar.advance(size)
            else:
                todo.append((origin, source, target, size))
        check_space(side, todo)
        for directory in directories:
            side.make_directory(directory)
        for origin, source, target, size in todo:
            bar.name(posixpath.basename(source))
            if isinstance(side, HostSide):
                side.write(target, origin.read(source, bar.advance))
            else:
                side.write(target, origin.read(source), bar.advance)
            sent.append((target, size))
    return sent


def check_space(side, jobs):
    """RemoteError if the files cannot fit: each is written beside the one that it replaces."""
    if not jobs:
        return
    free = side.free(posixpath.dirname(jobs[0][2]))
    if free is None:
        return
    need = growth = 0
    for _, _, target, size in jobs:
        need = max(need, growth + size)
        growth += size - side.old_size(target)
    if need > free:
        raise RemoteError(
            "%s: No space left on device (%s needed, %s free)" % (jobs[0][2], count_of(need), count_of(free))
        )


class HostSide:
    """Files of this computer."""

    def __init__(self):
        self.skipped = []  # what a board cannot hold: links to directories or to nothing, pipes, devices

    def is_directory(self, path):
        return os.path.isdir(path)

    def size(self, path):
        return os.stat(path).st_size

    def hash(self, path, size=None):
        """The SHA-256 of a file; None where there is no file, or one of another size."""
        if not os.path.isfile(path) or (size is not None and os.path.getsize(path) != size):
            return None
        return digest(self.read(path))

    def walk(self, top):
        """Yield (path, path below top, is a directory, size)."""
        for place, directories, names in os.walk(top):
            directories[:] = sorted(d for d in directories if d != "__pycache__")
            for name in [*directories, *sorted(names)]:
                path = os.path.join(place, name)
                relative = os.path.relpath(path, top).replace(os.sep, "/")
                if os.path.isfile(path) or (os.path.isdir(path) and not os.path.islink(path)):
                    yield path, relative, os.path.isdir(path), os.path.getsize(path)
                else:
                    self.skipped.append(path)

    def read(self, path, advance=None):
        with open(path, "rb") as file:
            return file.read()

    def write(self, path, data, advance=None):
        beside = temporary(path)
        with open(beside, "wb") as file:
            file.write(data)
        os.replace(beside, path)

    def make_directory(self, path):
        os.makedirs(path, exist_ok=True)

    def free(self, path):
        return None  # the system of this computer says it well enough


class BoardSide:
    """Files of the board."""

    def __init__(self, board):
        self.board = board

    def is_directory(self, path):
        entry = self.board.find(path)
        return entry is not None and entry.directory

    def size(self, path):
        return self.board.stat(path).size

    def hash(self, path, size=None):
        entry = self.board.find(path) if size is not None else None
        if size is not None and (entry is None or entry.directory or entry.size != size):
            return None
        return self.board.hashes([path]).get(path)

    def walk(self, top):
        for path, entry in self.board.walk(top):
            yield path, posixpath.relpath(path, top), entry.directory, entry.size

    def read(self, path, advance=None):
        return self.board.read_all(path, advance)

    def write(self, path, data, advance=None):
        self.board.write(path, data, advance)

    def make_directory(self, path):
        self.board.make_directories(path)

    def free(self, path):
        """The bytes that are free in the file system of a directory, also of one that is still to be made."""
        while path.strip("/") and not self.is_directory(path):
            path = posixpath.dirname(path)
        try:
            return self.board.space(path or "/")[1]
        except (OSError, RemoteError):  # a place without a size, as /dev
            return None

    def old_size(self, path):
        entry = self.board.find(path)
        return entry.size if entry and not entry.directory else 0
