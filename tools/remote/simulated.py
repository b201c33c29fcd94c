"""Simulated boards in the background: `-b sim` finds the running one, or starts it."""

import fcntl
import os
import shlex
import signal
import socket
import subprocess
import sys
import time

from remote.errors import RemoteError, Unreachable
from simulator import running
from simulator.environment import ROOT, STATE

TOOL = os.path.join(ROOT, "tools", "sim")
DEFAULT = os.path.join(STATE, "flash-diatom.img")  # a flash of its own, beside that of tools/sim
OFFSETS = range(8000, 60000, 100)
PORTS = (21, 22, 23, 80, 8080)  # of services; an offset is taken where they are free
START_TIMEOUT = 60  # seconds
STOP_TIMEOUT = 5

EPILOG = """\
start   start it in the background; words behind -- are options of tools/sim (tools/sim --help)
stop    switch it off
status  a table of those that run, with the addresses of their console and services
open    the simulator in this terminal (Ctrl-] and q ends it)

diatom sim start -- --image romfs --heap 200k

Every other verb takes it as a board: diatom -b sim ls /bin. It is started when it does not run.
"""


def arguments(parser, verb):
    parser.epilog = EPILOG
    parser.add_argument(
        "what", nargs="?", choices=("start", "stop", "status", "open"), default="status", help="see below"
    )
    parser.add_argument("--flash", metavar="FILE", help="its flash image (default: %s)" % os.path.relpath(DEFAULT))


def run(options, out):
    scheme, _, given = (options.board or "").partition(":")
    name = options.flash or (given if scheme == "sim" else "") or DEFAULT
    name = os.path.abspath(name)
    if options.what == "open":
        out.close()
        os.makedirs(STATE, exist_ok=True)
        os.execv(sys.executable, [sys.executable, "-I", "-S", TOOL, "--flash", name, *options.extra])
    if options.what == "start":
        with locked():
            known = running.state(name)
            if known and options.extra:
                raise RemoteError("%s runs already; `diatom sim stop` ends it" % name)
            known = known or start(name, options.extra)
        tell(out, [known])
    elif options.what == "stop":
        with locked():
            known = running.state(name)
            if not known:
                raise RemoteError("%s does not run" % name)
            stop(known)
        out.result({"stopped": name})
    else:
        tell(out, running.boards())
    return 0


def tell(out, boards):
    out.result(boards)
    if not boards:
        out.say("no simulated board runs")
    for board in boards:
        offset = board["port_offset"]
        out.say(board["name"])
        out.say("  console  pty:%s" % board["pty"])
        out.say("  ftp      ftp://root@127.0.0.1:%d (when uftpd runs)" % (21 + offset))
        out.say("  telnet   telnet 127.0.0.1 %d (when utelnetd runs)" % (23 + offset))


def ensure(name=None, out=None):
    """The pty of a simulated board, which is started if it is not running."""
    name = os.path.abspath(name or DEFAULT)
    with locked():
        known = running.state(name)
        if not known:
            if out:
                out.remark("starting the simulator ...")
            known = start(name, ())
    return known["pty"]


def start(name, words):
    """Start a board in the background; returns its state."""
    offset = free_offset()
    command = [sys.executable, "-I", "-S", TOOL, "--flash", name, "--pty", "--quiet-boot", "--port-offset", str(offset)]
    os.makedirs(os.path.dirname(name), exist_ok=True)
    os.makedirs(running.PLACE, exist_ok=True)
    with open(running.state_file(name) + ".log", "w+b") as log:
        process = subprocess.Popen(
            [*command, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, start_new_session=True
        )
        pty = process.stdout.readline().decode().strip()
        process.stdout.close()
        if not pty:
            process.wait(START_TIMEOUT)
            log.seek(0)
            text = log.read().decode(errors="replace").strip()
            raise Unreachable("%s: %s" % (shlex.join(command[3:]), text or "did not start"))
    known = running.state(name)  # written before the path was printed
    if not known:
        raise Unreachable("%s: ended at once" % shlex.join(command[3:]))
    return known


def stop(known):
    """Switch a board off."""
    os.kill(known["pid"], signal.SIGTERM)
    end = time.monotonic() + STOP_TIMEOUT
    while running.is_alive(known):
        if time.monotonic() > end:
            raise RemoteError("%s does not end (process %d)" % (known["name"], known["pid"]))
        time.sleep(0.02)
    running.state(known["name"])  # removes the file of one that could not


def free_offset():
    """A port offset with which the usual services' ports are free."""
    for offset in OFFSETS:
        try:
            for port in PORTS:
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", port + offset))
        except OSError:
            continue
        return offset
    raise RemoteError("no free ports for a simulated board")


class locked:
    """While one `diatom` starts or stops a board, no other does."""

    def __enter__(self):
        os.makedirs(running.PLACE, exist_ok=True)
        self.file = open(os.path.join(running.PLACE, "lock"), "w")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_):
        self.file.close()
