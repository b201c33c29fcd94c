"""The kernel's requests to a mounted board, one after the other: FTP has one connection for them.

A file that is written is sent when it is closed or synced, so that the error of a board that has gone reaches the program.
What could not be sent is kept under a name that the user is told.
"""

import errno
import itertools
import os
import posixpath
import shutil
import stat
import time

from mfusepy import Operations

from remote.errors import os_error
from remote.mounted.copies import Copy
from remote.mounted.entries import Entries, below

NAME_MOST = 255
BLOCK = 4096
DIRECTORY, FILE = stat.S_IFDIR | 0o755, stat.S_IFREG | 0o644
UTIME_NOW, UTIME_OMIT = (1 << 30) - 1, (1 << 30) - 2


class BoardFiles(Operations):
    """The files of a MountedBoard. spool is a directory for copies, kept where to put what cannot be sent."""

    use_ns = True
    flag_nullpath_ok = flag_nopath = True  # a file that is open is known by its handle

    def __init__(self, board, life, spool, kept, say, ready):
        self.board = board
        self.life = life
        self.entries = Entries(board, life)
        self.spool, self.kept = spool, kept
        self.say, self.ready = say, ready
        self.copies = {}  # path: Copy that is open, or was within the life of the cache
        self.handles = {}  # number: Copy, or the path of a directory
        self.numbers = itertools.count(1)
        self.space = 0.0, (0, 0)

    def init(self, path):
        self.ready()

    def destroy(self, path):
        """At the end, send or keep what has not been sent yet."""
        for copy in {*self.copies.values(), *(c for c in self.handles.values() if isinstance(c, Copy))}:
            self.settle(copy)
            copy.close()
        self.board.close()

    # --- what is there

    def getattr(self, path, fh=None):
        copy = self.handles[fh] if fh else self.copies.get(path)
        if copy and (fh or copy.users):
            return self.attributes(FILE, copy.size, self.time(copy))
        entry = self.entry(path)
        return self.attributes(DIRECTORY if entry.directory else FILE, entry.size, self.entries.time(path, entry))

    def attributes(self, mode, size, when):
        return {
            "st_mode": mode,
            "st_nlink": 2 if mode == DIRECTORY else 1,
            "st_size": size,
            "st_blocks": -(-size // 512),
            "st_uid": os.getuid(),
            "st_gid": os.getgid(),
            "st_mtime": when,
            "st_ctime": when,
            "st_atime": when,
        }

    def time(self, copy):
        return copy.modified if copy.dirty else self.entries.time(copy.path, copy.entry)

    def entry(self, path, fresh=False):
        entry = self.entries.find(path, fresh)
        if entry is None:
            raise os_error(errno.ENOENT, path)
        return entry

    def opendir(self, path):
        return self.handle(path)

    def readdir(self, path, fh):
        path = self.handles[fh]
        names = set(self.entries.list(path))
        names.update(
            posixpath.basename(p) for p, copy in self.copies.items() if posixpath.dirname(p) == path and copy.users
        )
        return [".", "..", *sorted(names)]

    def releasedir(self, path, fh):
        del self.handles[fh]
        return 0

    def statfs(self, path):
        when, (total, free) = self.space
        if time.monotonic() - when > self.life or not when:
            total, free = self.board.space("/")
            self.space = time.monotonic(), (total, free)
        return {
            "f_bsize": BLOCK,
            "f_frsize": BLOCK,
            "f_blocks": total // BLOCK,
            "f_bfree": free // BLOCK,
            "f_bavail": free // BLOCK,
            "f_namemax": NAME_MOST,
        }

    # --- files that are open

    def handle(self, what):
        number = next(self.numbers)
        self.handles[number] = what
        return number

    def open(self, path, flags):
        self.drop_old()
        copy = self.copies.get(path)
        if copy is None or not copy.users:
            entry = self.entry(path, fresh=True)
            if entry.directory:
                raise os_error(errno.EISDIR, path)
            if copy and copy.entry != entry:
                self.drop(copy)
                copy = None
            copy = copy or self.new(path, entry)
        if flags & os.O_TRUNC:
            copy.truncate(0)
        copy.users += 1
        return self.handle(copy)

    def create(self, path, mode):
        self.drop_old()
        copy = self.new(path, None)
        copy.users = 1
        return self.handle(copy)

    def new(self, path, entry):
        place = os.path.join(self.spool, str(next(self.numbers)))
        copy = self.copies[path] = Copy(path, entry, place, self.board)
        return copy

    def read(self, path, size, offset, fh):
        return self.handles[fh].read(size, offset)

    def write(self, path, data, offset, fh):
        copy = self.handles[fh]
        copy.told = False
        return copy.write(data, offset)

    def truncate(self, path, length, fh=None):
        if fh:
            self.handles[fh].truncate(length)
            return 0
        fh = self.open(path, 0)
        try:
            self.handles[fh].truncate(length)
            return self.flush(path, fh)
        finally:
            self.release(path, fh)

    def flush(self, path, fh):
        """close(2): report to the program whether the board has the file."""
        copy = self.handles[fh]
        if copy.dirty and not copy.removed:
            self.send(copy)
        return 0

    def fsync(self, path, datasync, fh):
        return self.flush(path, fh)

    def send(self, copy):
        copy.told = True
        when = copy.modified
        copy.send()
        self.entries.put(copy.path, copy.entry)
        self.entries.set_time(copy.path, copy.entry, when)

    def release(self, path, fh):
        copy = self.handles.pop(fh)
        copy.users -= 1
        if copy.users:
            return 0
        copy.released = time.monotonic()
        if copy.removed or copy.dirty:
            self.settle(copy)
            self.drop(copy)
        return 0

    def settle(self, copy):
        """Nobody has this copy open any more: it is sent, or kept."""
        if copy.removed or not copy.dirty:
            return
        try:
            self.send(copy)
        except OSError as e:
            self.keep(copy, e.strerror)

    def keep(self, copy, reason):
        """Nothing that has been written is lost."""
        place = self.kept + copy.path + time.strftime(".%Y%m%d-%H%M%S")
        try:
            os.makedirs(os.path.dirname(place), 0o700, exist_ok=True)
            while os.path.exists(place):
                place += "x"
            shutil.move(copy.place, place)
        except OSError as e:
            place = "%s (%s)" % (copy.place, e)
        self.say("%s: %s; what was written is in %s" % (copy.path, reason, place))

    def drop(self, copy):
        if self.copies.get(copy.path) is copy:
            del self.copies[copy.path]
        copy.close()

    def drop_old(self):
        """Forget the copies of files that have been closed for longer than the cache lives."""
        now = time.monotonic()
        for copy in [c for c in self.copies.values() if not c.users and now - c.released >= self.life]:
            self.drop(copy)

    # --- changes of the tree

    def unlink(self, path):
        copy = self.copies.pop(path, None)
        if copy is None or copy.entry:
            try:
                self.board.remove(path)
            except FileNotFoundError:
                self.entries.forget(path)
                raise
            except OSError:
                if copy:
                    self.copies[path] = copy
                raise
        self.forsake(copy)
        self.entries.removed(path)
        return 0

    def forsake(self, copy):
        """The file of a copy is gone; who has it open may go on, and nothing is sent."""
        if copy:
            copy.removed = True
            if not copy.users:
                self.drop(copy)

    def rename(self, old, new):
        for path, copy in list(self.copies.items()):
            if below(path, old) and copy.dirty:
                self.send(copy)
        entry = self.entry(old)
        there = self.entries.find(new)
        if there and there.directory:
            if not entry.directory:
                raise os_error(errno.EISDIR, new)
            self.board.rmdir(new)
        elif there and entry.directory:
            raise os_error(errno.ENOTDIR, new)
        self.board.rename(old, new)
        self.forsake(self.copies.pop(new, None))
        for path in [path for path in self.copies if below(path, old)]:
            copy = self.copies.pop(path)
            copy.path = new + path[len(old) :]
            copy.entry = copy.entry._replace(name=posixpath.basename(copy.path))
            self.copies[copy.path] = copy
        self.entries.moved(old, new)
        return 0

    def mkdir(self, path, mode):
        self.board.mkdir(path)
        self.entries.put(path, self.board.find(path))
        return 0

    def rmdir(self, path):
        if any(below(inner, path) and copy.users for inner, copy in self.copies.items()):
            raise os_error(errno.ENOTEMPTY, path)
        self.board.rmdir(path)
        self.entries.removed(path)
        return 0

    def utimens(self, path, times=None):
        """A time for the life of the mount: the board cannot keep one."""
        when = time.time_ns() if times is None else times[1]
        copy = self.copies.get(path)
        if copy and copy.users and copy.dirty:
            copy.modified = when
        elif path is not None:
            self.entries.set_time(path, self.entry(path), when)
        return 0

    def chmod(self, path, mode):
        """There are no modes: accepted, without effect."""
        return 0

    def chown(self, path, uid, gid):
        return 0

    def symlink(self, target, source):
        raise os_error(errno.EPERM, target)

    def link(self, target, source):
        raise os_error(errno.EPERM, target)
