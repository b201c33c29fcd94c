"""diatom backup and restore: the files of a board in a tar archive of this computer."""

import argparse
import io
import lzma
import os
import posixpath
import re
import tarfile
import time
import zlib

from remote import address, schedule
from remote.board import digest, is_temporary
from remote.errors import RemoteError
from remote.plan import LAST

# What no service gives away or lists (lib/base/users.py); a serial line does.
SECRETS = ("/etc/shadow", "/etc/ssh", "/etc/ssl", "/etc/fleet.key", "/local/wifi")
NAME = "diatom-%Y-%m-%d-%H%M%S.tar.gz"
ARCHIVE = re.compile(r"diatom-\d{4}-\d\d-\d\d-\d{6}\.tar\.gz")
# Directories at the top that are no flash, or nobody's.
VIRTUAL = ("dev", "proc", "rom", "tmp", ".sim", ".host", "remote")


def arguments(parser, verb):
    if verb == "backup":
        parser.epilog = "The archive has password hashes in it: it is made readable for its owner only."
        parser.add_argument("archive", nargs="?", metavar="FILE", help="default: diatom-DATE.tar.gz; .gz compresses")
        parser.add_argument("paths", nargs="*", metavar="PATH", help="only these of the board (default: all)")
        parser.add_argument(
            "--into", metavar="DIR", help="the directory of an archive without a name (default: this one)"
        )
        parser.add_argument(
            "--keep", type=at_least_one, metavar="N", help="remove all but the last N archives without a name there"
        )
        parser.add_argument(
            "--schedule",
            choices=schedule.PERIODS,
            help="make one now, and have cron make one regularly; none: no more of this board",
        )
    else:
        parser.epilog = "Only what differs is sent. The board should be restarted afterwards."
        parser.add_argument("archive", metavar="FILE", help="an archive that `diatom backup` has made")
        parser.add_argument("--delete", action="store_true", help="remove files that are not in the archive")
        parser.add_argument("-n", "--dry-run", action="store_true", help="only say what would be done")


def at_least_one(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a number from 1 on expected")
    return int(text)


def run(options, out):
    if options.verb == "backup" and options.schedule:
        return scheduled(options, out)
    with address.connect(options, out) as board:
        return globals()[options.verb](board, options, out)


def backup(board, options, out):
    made = archive(board, options, out)
    out.result(made)
    return 1 if made["skipped"] else 0


def archive(board, options, out):
    """Write the archive, and remove older ones if options.keep says so; returns what has been done."""
    directory = options.into or ""
    path = options.archive or os.path.join(directory, time.strftime(NAME))
    path, files, skipped = store(board, path, options.paths or ["/"], out)
    removed = prune(directory, options.keep) if options.keep else []
    out.say("%s: %d files" % (path, len(files)))
    return {"archive": path, "files": files, "skipped": skipped, "removed": removed}


def prune(directory, keep):
    """Remove all but the newest archives with a name of ours; returns the paths of those that are gone."""
    found = sorted(name for name in os.listdir(directory or ".") if ARCHIVE.fullmatch(name))
    removed = [os.path.join(directory, name) for name in found[:-keep]]
    for path in removed:
        os.remove(path)
    return removed


def scheduled(options, out):
    """Make a backup, which shows that it can be made, and have it repeated."""
    if options.archive:
        raise RemoteError("--schedule names its archives itself; --into says where they are kept", 2)
    options.board = address.chosen(options)
    schedule.check(options.board)
    made = {}
    if options.schedule != "none":
        with address.connect(options, out) as board:
            made = archive(board, options, out)
    line = schedule.set_up(options.board, options)
    out.result({**made, "line": line})
    out.say(line or "no more backups of %s" % options.board)
    return 1 if made.get("skipped") else 0


def store(board, path, tops, out):
    """Write an archive of what is at and below paths of the board; returns (its path, files, files that it has not)."""
    path = path or time.strftime(NAME)
    found = []
    for top in tops:
        found += tree(board, address.on_board(top))
    beside = path + ".part"
    skipped = withheld(board, [address.on_board(top) for top in tops], {name for name, _ in found})
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        kind = "w:gz" if path.endswith("gz") else "w"
        with tarfile.open(fileobj=file, mode=kind) as tar:
            with out.bar("backup", sum(entry.size for _, entry in found)) as bar:
                for name, entry in found:
                    bar.name(name)
                    try:
                        add(tar, board, name, entry)
                    except PermissionError:
                        skipped.append(name)
                    bar.advance(entry.size)
    os.replace(beside, path)
    for name in skipped:
        out.warn("%s: the board does not give it away" % name)
    return path, [name for name, entry in found if not entry.directory and name not in skipped], skipped


def withheld(board, tops, listed):
    """The secrets below tops that the board does not even list."""
    found = []
    for path in SECRETS:
        if path not in listed and any(path.startswith(top.rstrip("/") + "/") for top in tops):
            try:
                board.stat(path)
            except PermissionError:
                found.append(path)
            except FileNotFoundError:
                pass
    return found


def tree(board, top):
    """[(path, Entry)] of what is kept at and below a path."""
    entry = board.stat(top)
    if not entry.directory:
        return [(top, entry)]
    found = []
    for inner in board.kept(top):
        path = posixpath.join(top, inner.name)
        if (top == "/" and inner.name in VIRTUAL) or is_temporary(inner.name):
            continue
        found.append((path, inner))
        if inner.directory:
            found += tree(board, path)
    return found


def add(tar, board, name, entry):
    info = tarfile.TarInfo(name.lstrip("/"))
    info.mtime = int(entry.modified or 0)
    if entry.directory:
        info.type = tarfile.DIRTYPE
        info.mode = 0o755
        tar.addfile(info)
        return
    data = board.read_all(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


def restore(board, options, out):
    try:
        directories, files = read(options.archive)
    except (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError) as e:
        reason = str(e).partition(":")[0] or type(e).__name__
        raise RemoteError("%s: no tar archive, or not all of it (%s)" % (options.archive, reason)) from None
    there = {path: entry for path, entry in tree(board, "/") if not entry.directory}
    ask = [path for path, data in files.items() if path in there and there[path].size == len(data)]
    with out.bar("compare", len(ask)) as bar:
        hashes = board.hashes(ask, bar.advance)
    changed = [path for path, data in files.items() if hashes.get(path) != digest(data)]
    changed.sort(key=lambda path: LAST.index(path) if path in LAST else -1)
    gone = sorted(path for path in there if options.delete and path not in files)
    if not options.dry_run:
        for path in [*directories, *{posixpath.dirname(path): 0 for path in changed}]:
            board.make_directories(path)
        with out.bar("restore", sum(len(files[path]) for path in changed)) as bar:
            for path in changed:
                bar.name(path)
                board.write(path, files[path], bar.advance)
        for path in gone:
            board.remove(path)
        found = board.hashes(changed)
        wrong = [path for path in changed if found.get(path) != digest(files[path])]
        if wrong:
            raise RemoteError("the board reads back something else: %s" % ", ".join(wrong))
    out.result({"written": changed, "removed": gone, "same": len(files) - len(changed)})
    if options.dry_run:
        for path in changed:
            out.say("write   " + path)
        for path in gone:
            out.say("remove  " + path)
    out.say("%d files written, %d removed, %d same" % (len(changed), len(gone), len(files) - len(changed)))
    return 0


def read(archive):
    """([directory], {path: bytes}) of an archive; other kinds of entries are refused."""
    directories, files = [], {}
    with tarfile.open(archive) as tar:
        for info in tar:
            path = posixpath.normpath("/" + info.name)
            if ".." in info.name.split("/") or path.startswith("//"):
                raise RemoteError("%s: has the path %s in it" % (archive, info.name))
            if info.isdir():
                directories.append(path)
            elif info.isfile():
                files[path] = tar.extractfile(info).read()
            else:
                raise RemoteError("%s: %s is neither file nor directory" % (archive, info.name))
        tar.fileobj.seek(tar.offset)
        if len(tar.fileobj.read(tarfile.BLOCKSIZE)) < tarfile.BLOCKSIZE:  # cut between two members
            raise EOFError("the end is missing")
    return directories, files
