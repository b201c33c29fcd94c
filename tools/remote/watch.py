"""diatom watch: send a file when it is saved, and restart a program on the board."""

import os
import posixpath
import sys
import time

from remote import address, bundle, plan
from remote import run as runner
from remote.copy import HostSide
from remote.errors import RemoteError, Unreachable
from remote.line import put
from simulator.environment import ROOT

EVERY = 0.1  # seconds between two looks at the files
SETTLED = 0.05  # seconds that a file must have been left alone: editors write in steps
END_TIMEOUT = 5  # seconds that a program has to end after Ctrl-C
AGAIN = 1  # seconds between two tries to reach a board that has gone

# Modules that cannot be exchanged while the system runs.
RESIDENT = ("base", "kernel", "process", "shell", "services")

EPILOG = """\
diatom watch                                        the system itself, as deploy would send it
diatom watch main.py board:/home/ --run main.py     a file
diatom watch src board:/home/src --run 'src/main.py fast'

With --run a command of the shell is started, and again after each change; its output comes here. Ctrl-C ends.
"""

# Forget what has been loaded from changed files.
FORGET = """
_d_m = _d_sys.modules.get('process.memory')
if _d_m:
 for _d_n, _d_v in list(_d_sys.modules.items()):
  _d_p = getattr(_d_v, '__file__', None)
  if _d_p and _d_n.split('.')[0] not in %r:
   for _d_c in %r:
    if _d_c == _d_p or _d_c.endswith('/' + _d_p.lstrip('/')): _d_m.unload(_d_n)
 _d_m.evict()
"""


def arguments(parser, verb):
    parser.epilog = EPILOG
    parser.add_argument("source", nargs="?", metavar="SOURCE", help="a file or directory (default: the system)")
    parser.add_argument("target", nargs="?", metavar="board:PLACE", help="where it belongs on the board")
    parser.add_argument("--run", metavar="COMMAND", help="what to start, and to start anew")
    parser.add_argument("--as", dest="kind", choices=("source", "mpy"), help="of the system (default: as it is there)")
    parser.add_argument("--tree", default=ROOT, metavar="DIR", help="the system's files")
    parser.add_argument("--once", action="store_true", help="end after the first change has been sent")


class Files:
    """What is watched: path here and path there, and what has changed since the last look."""

    def __init__(self, options, kind):
        self.options = options
        self.kind = kind
        self.seen = self.look()

    def pairs(self):
        """Yield (path here, path there)."""
        source, target = self.options.source, self.options.target
        if source is None:
            from simulator import compiled, flash, standalone

            for name in flash.FILES:
                yield standalone.path(self.options.tree, name), "/" + name
            for part in flash.PARTS:
                for path, name in compiled.walk(os.path.join(self.options.tree, part)):
                    yield path, "/%s/%s" % (part, name)
        elif os.path.isdir(source):
            for path, relative, is_directory, _ in HostSide().walk(source):
                if not is_directory and not relative.startswith(".") and not relative.endswith(("~", ".swp")):
                    yield path, posixpath.join(target, relative)
        else:
            yield source, target

    def look(self):
        found = {}
        for here, there in self.pairs():
            try:
                status = os.stat(here)
            except OSError:
                continue  # it is being replaced
            found[there] = here, status.st_mtime_ns, status.st_size, status.st_ino
        return found

    def changes(self):
        """({path there: path here} of what is new, [path there] of what has gone); waits until a save is complete."""
        now = self.look()
        if now == self.seen:
            return {}, []
        while True:
            time.sleep(SETTLED)
            again = self.look()
            if again == now:
                break
            now = again
        changed = {there: entry[0] for there, entry in now.items() if self.seen.get(there) != entry}
        gone = [there for there in self.seen if there not in now]
        self.seen = now
        return changed, gone


def run(options, out):
    if options.source is not None:
        on_board, target = address.split(options.target or "")
        if not on_board:
            raise RemoteError("watch: where on the board? (board:PLACE)", 2)
        if not os.path.exists(options.source):
            raise FileNotFoundError(2, os.strerror(2), options.source)
        if not os.path.isdir(options.source) and options.target.endswith("/"):
            target = posixpath.join(target, os.path.basename(options.source))
        options.target = target
    first = True
    while True:
        try:
            with address.connect(options, out) as board:
                return Watch(board, options, out).serve(first)
        except Unreachable as e:
            if first and not isinstance(e, Lost):
                raise
            out.remark("%s; trying again" % e)
            time.sleep(AGAIN)
            first = False


class Lost(Unreachable):
    """The board has gone while it was watched."""


class Watch:
    """The files here, the board there, and the program that runs on it."""

    def __init__(self, board, options, out):
        self.board = board
        self.options = options
        self.out = out
        known = plan.read_manifest(board) if options.source is None else {}
        kind = options.kind or ("mpy" if any(path.endswith(".mpy") for path in known) else "source")
        if kind == "mpy":
            bundle.check_mpy(board.facts())
        self.files = Files(options, kind)
        self.line = None  # while a program runs
        self.told = bytearray() if options.json else None  # what the program says
        self.begun = False  # everything is there: from now on a board that goes is waited for
        self.sent = []
        self.removed = []

    def serve(self, first):
        try:
            if self.options.source is not None:
                self.send({there: entry[0] for there, entry in self.files.seen.items()}, [], True)
            if self.options.run:
                self.start()
            self.begun = True
            self.out.remark("watching %d files; Ctrl-C ends" % len(self.files.seen))
            while True:
                self.relay()
                changed, gone = self.files.changes()
                if changed or gone:
                    begun = time.monotonic()
                    self.stop()
                    self.send(changed, gone, False)
                    if self.options.run:
                        self.start()
                    self.out.remark("%d files in %.2f s" % (len(changed) + len(gone), time.monotonic() - begun))
                    if self.options.once:
                        seconds = round(time.monotonic() - begun, 3)
                        self.drain()
                        said = (self.told or b"").decode(errors="replace")
                        self.out.result(
                            {"sent": self.sent, "removed": self.removed, "seconds": seconds, "output": said}
                        )
                        return 0
        except Unreachable as e:
            if not self.begun:
                raise
            raise Lost(str(e)) from None
        except KeyboardInterrupt:
            self.stop()
            return 130

    def send(self, changed, gone, only_new):
        """Bring files onto the board; with only_new those that it does not have already."""
        bodies = {}
        for there, here in changed.items():
            with open(here, "rb") as file:
                bodies[there] = file.read()
        if self.options.source is None and self.files.kind == "mpy":
            bodies = self.compiled(changed, bodies)
        if only_new:
            from remote.board import digest

            hashes = self.board.hashes(list(bodies))
            bodies = {there: data for there, data in bodies.items() if hashes.get(there) != digest(data)}
        for there, data in bodies.items():
            self.board.make_directories(posixpath.dirname(there))
            self.board.write(there, data)
            self.sent.append(there)
            self.out.remark("sent " + there)
        for there in gone:
            if self.board.find(there):
                self.board.remove(there)
                self.removed.append(there)
                self.out.remark("removed " + there)
        paths = [*bodies, *gone]
        if hasattr(self.board, "call"):
            self.board.call(FORGET % (RESIDENT, paths), "")
        resident = [path for path in paths if path.startswith("/lib/") and path.split("/")[2] in RESIDENT]
        if resident:
            self.out.remark("after a restart of the board: %s" % " ".join(resident))

    def compiled(self, changed, bodies):
        """The bodies with compiled ones in place of sources of the system's libraries and programs."""
        from simulator import compiled, flash

        found = {}
        for there, data in bodies.items():
            if there.split("/")[1] in flash.COMPILED and there.endswith(".py"):
                name = there.lstrip("/")
                path, name = compiled.compile_files([(changed[there], name)])[0]
                with open(path, "rb") as file:
                    found["/" + name] = file.read()
            else:
                found[there] = data
        return found

    # --- the program

    def start(self):
        self.line = self.board.terminal()
        self.line.write(runner.CTRL_U + runner.marked(self.options.run))
        self.output = runner.Marked()

    def relay(self, timeout=EVERY):
        """Pass on the program's output; if none runs, wait as long."""
        if not self.line:
            time.sleep(timeout)
            return
        (put if self.told is None else self.told.extend)(
            self.output.feed(self.line.read(timeout)).replace(b"\r\n", b"\n")
        )
        sys.stdout.flush()
        if self.output.status is not None:
            self.out.remark("[ended with status %d]" % self.output.status)
            self.close()

    def stop(self):
        """End the program with Ctrl-C."""
        if self.line:
            self.output.interrupted = True
            self.line.write(runner.CTRL_C)
            self.drain()
        if self.line:
            self.out.remark("[it does not end after Ctrl-C]")
            self.close()

    def drain(self):
        """Pass on what the program says until it ends, or for a while."""
        end = time.monotonic() + END_TIMEOUT
        while self.line and time.monotonic() < end:
            self.relay()

    def close(self):
        self.line.close()
        self.line = None
