"""diatom ls, cat, rm, mkdir, edit: one board's files."""

import errno
import os
import posixpath
import shlex
import subprocess
import sys
import tempfile
import time

from remote import address
from remote.errors import RemoteError, os_error

EDITOR = "vi"


def arguments(parser, verb):
    if verb == "ls":
        parser.add_argument("-l", action="store_true", help="with size and time")
        parser.add_argument("-R", action="store_true", help="with everything below")
        parser.add_argument("paths", nargs="*", default=["board:/"], metavar="PATH", help="of the board (default: /)")
    elif verb == "rm":
        parser.add_argument("-r", action="store_true", help="directories and everything in them")
        parser.add_argument("-f", action="store_true", help="what is missing is no error")
        parser.add_argument("paths", nargs="+", metavar="PATH", help="of the board")
    elif verb == "mkdir":
        parser.add_argument("-p", action="store_true", help="with parents; what exists is no error")
        parser.add_argument("paths", nargs="+", metavar="PATH", help="of the board")
    elif verb == "edit":
        parser.epilog = "A copy of the file is edited and sent when it has changed. If that fails, the copy stays."
        parser.add_argument("path", metavar="PATH", help="of the board; a new file if it is not there")
    else:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="of the board")


def run(options, out):
    with address.connect(options, out) as board:
        return globals()[options.verb](board, options, out)


def each(options, out, action, errors=None):
    """Do action(path) for all operands; a bad one is reported, and the rest is done. Returns the status.

    errors gets {path: {"error": reason}} of the bad ones.
    """
    status = 0
    for path in options.paths:
        path = address.on_board(path)
        try:
            action(path)
        except OSError as e:
            out.warn("%s: %s" % (e.filename or path, e.strerror))
            if errors is not None:
                errors[path] = {"error": e.strerror}
            status = 1
    return status


def ls(board, options, out):
    listing = {}

    def show(path):
        entry = board.stat(path)
        if not entry.directory:
            found = [(entry.name, entry)]
        elif options.R:
            found = [(posixpath.relpath(inner, path), e) for inner, e in board.walk(path)]
        else:
            found = [(e.name, e) for e in board.list(path)]
        listing[path] = [dict(e.data(), name=name) for name, e in found]
        if len(options.paths) > 1 and entry.directory:
            out.say("board:%s" % path)
        for name, e in found:
            out.say(line(name, e) if options.l else name + "/" * e.directory)

    status = each(options, out, show, listing)
    out.result(listing)
    return status


def line(name, entry):
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.modified)) if entry.modified else ""
    return "%10s  %-16s  %s" % ("" if entry.directory else entry.size, when, name + "/" * entry.directory)


def cat(board, options, out):
    texts = {}

    def show(path):
        if board.stat(path).directory:
            raise os_error(errno.EISDIR, path)
        if options.json:
            texts[path] = board.read_all(path).decode(errors="replace")
            return
        for piece in board.read(path):
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()

    status = each(options, out, show, texts)
    out.result(texts)
    return status


def rm(board, options, out):
    removed, errors = [], {}

    def take(path):
        if path == "/":
            raise os_error(errno.EPERM, path)
        entry = board.find(path)
        if entry is None and options.f:
            return
        if entry is None:
            raise os_error(errno.ENOENT, path)
        if not entry.directory:
            board.remove(path)
        elif options.r:
            board.remove_tree(path)
        else:
            raise os_error(errno.EISDIR, path)
        removed.append(path)

    status = each(options, out, take, errors)
    out.result({"removed": removed, "errors": errors})
    return status


def mkdir(board, options, out):
    errors = {}
    status = each(options, out, board.make_directories if options.p else board.mkdir, errors)
    out.result({"status": status, "errors": errors})
    return status


def edit(board, options, out):
    path = address.on_board(options.path)
    entry = board.find(path)
    if entry and entry.directory:
        raise os_error(errno.EISDIR, path)
    before = board.read_all(path) if entry else b""
    editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or EDITOR)
    place = tempfile.mkdtemp(prefix="diatom-")
    copy = os.path.join(place, posixpath.basename(path))
    with open(copy, "wb") as file:
        file.write(before)
    try:
        status = subprocess.run([*editor, copy]).returncode
    except OSError as e:
        os.remove(copy)
        os.rmdir(place)
        raise RemoteError("%s: %s ($EDITOR says which editor to take)" % (editor[0], e.strerror)) from None
    with open(copy, "rb") as file:
        after = file.read()
    if after == before and (entry or status):
        out.remark("%s: not changed" % path)
    else:
        try:
            now = board.find(path)
            if entry and (now is None or (now.size, now.modified) != (entry.size, entry.modified)):
                raise RemoteError("%s has changed on the board meanwhile" % path)
            board.write(path, after)
        except (OSError, RemoteError) as e:
            raise RemoteError("%s; what you have edited is in %s" % (e, copy)) from None
    os.remove(copy)
    os.rmdir(place)
    out.result({"changed": after != before})
    return status
