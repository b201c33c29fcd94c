"""diatom mount: the board's files as a directory of this computer, over FTP."""

import logging
import os
import sys
import tempfile
import time

from remote import address
from remote.errors import RemoteError
from remote.mounted.board import MountedBoard

LIFE = 2.0  # seconds
STATE = os.path.join(os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state"), "diatom")
KEPT = os.path.join(STATE, "kept")
LOG = os.path.join(STATE, "mount.log")
LOG_MOST = 256 * 1024  # bytes; beyond it the log begins anew

EPILOG = """\
diatom -b ftp://root@192.168.1.7 mount ~/board       fusermount -u ~/board ends it

A file is sent when it is closed or synced, and takes its place on the board at one stroke; a program learns then whether
that went well. What could not be sent because the board has gone is kept in %s
and named in %s; diatom mount --kept lists it. When the board is back, the mount goes on.
""" % (KEPT, LOG)


def arguments(parser, verb):
    parser.epilog = EPILOG
    parser.add_argument("directory", nargs="?", metavar="DIRECTORY", help="an empty one")
    parser.add_argument("-f", "--foreground", action="store_true", help="stay in this terminal; Ctrl-C unmounts")
    parser.add_argument(
        "--cache",
        type=float,
        default=LIFE,
        metavar="SECONDS",
        help="how long changes that the board makes may stay unseen here (default: %g)" % LIFE,
    )
    parser.add_argument("--kept", action="store_true", help="list what could not be sent")


def run(options, out):
    if options.kept:
        return list_kept(out)
    if options.directory is None:
        raise RemoteError("mount: which directory?", 2)
    check(options.directory)
    directory = os.path.realpath(options.directory)
    name = address.chosen(options)
    if not name.startswith("ftp://"):
        raise RemoteError("%s: a mount goes over the network (-b ftp://..., after uftpd start)" % name, 2)
    with address.open_ftp(name, MountedBoard) as board:
        if options.foreground:
            out.remark("mounted; Ctrl-C or fusermount -u %s ends it" % directory)
            serve(board, directory, options.cache, out.warn, lambda: None)
        else:
            background(board, directory, options.cache)
            board.ftp = None  # it is the other process's
            out.remark("mounted; fusermount -u %s ends it" % directory)
            out.result({"mounted": directory, "log": LOG})
    return 0


def check(directory):
    """Raise where this computer, or this directory, does not take a mount."""
    if not os.path.isdir(directory):
        raise NotADirectoryError(20, os.strerror(20), directory)
    if os.listdir(directory):
        raise RemoteError("%s: not empty" % directory)
    if sys.platform == "linux" and not os.access("/dev/fuse", os.R_OK | os.W_OK):
        raise RemoteError("mount: this computer has no /dev/fuse, or you may not use it")
    try:
        import mfusepy  # noqa: F401
    except OSError:
        raise RemoteError("mount: libfuse is missing (Debian, Ubuntu: apt install fuse3; macOS: macFUSE)") from None


def background(board, directory, life):
    """Serve in a process of its own; returns when the mount is there."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        with open(reader, "rb") as pipe:
            answer = pipe.read()
        if answer != b"ready":
            raise RemoteError("mount: %s" % (answer.decode(errors="replace").strip() or "it did not come about"))
        return
    status = 1
    try:
        os.close(reader)
        os.setsid()
        os.chdir("/")
        os.makedirs(STATE, 0o700, exist_ok=True)
        log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if os.fstat(log).st_size > LOG_MOST:
            os.ftruncate(log, 0)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        os.dup2(writer, 2)  # what libfuse complains of, until the mount is there

        def ready():
            os.write(writer, b"ready")
            os.close(writer)
            os.dup2(log, 2)

        def say(text):
            os.write(log, ("%s %s %s\n" % (time.strftime("%Y-%m-%d %H:%M:%S"), directory, text)).encode())

        serve(board, directory, life, say, ready)
        status = 0
    except BaseException as e:
        os.write(2, ("%s\n" % e).encode())
    finally:
        os._exit(status)


def serve(board, directory, life, say, ready):
    """Mount, and answer until somebody unmounts."""
    import mfusepy

    from remote.mounted.driver import Driver
    from remote.mounted.filesystem import BoardFiles

    logging.getLogger("fuse").setLevel(logging.CRITICAL)
    board.say = say
    os.makedirs(STATE, 0o700, exist_ok=True)
    spool = tempfile.mkdtemp(prefix="mount-", dir=STATE)
    files = BoardFiles(board, life, spool, os.path.join(KEPT, "%s_%d" % (board.host, board.port)), say, ready)
    only_2 = {"big_writes": True, "atomic_o_trunc": True} if mfusepy.fuse_version_major == 2 else {}
    try:
        Driver(
            files,
            directory,
            foreground=True,
            nothreads=True,
            fsname=board.address,
            subtype="diatom",
            hard_remove=True,
            attr_timeout=0,
            entry_timeout=0,
            negative_timeout=0,
            **only_2,
        )
    except RuntimeError as e:
        raise RemoteError("mount: libfuse ends with status %s" % e) from None
    finally:
        try:
            os.rmdir(spool)
        except OSError:  # a copy that could not be kept elsewhere
            say("look into %s" % spool)


def list_kept(out):
    """What could not be sent."""
    found = [os.path.join(place, name) for place, _, names in os.walk(KEPT) for name in names]
    out.result(sorted(found))
    for path in sorted(found):
        out.say(path)
    return 0
