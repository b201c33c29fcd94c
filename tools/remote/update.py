"""diatom update: one release onto many boards of the network, in waves."""

import json
import os
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlsplit, urlunsplit

from release import serve
from remote import address
from remote.errors import RemoteError, Unreachable
from remote.output import Silence

RESTART_TIMEOUT = 180  # seconds until a board must answer again
TRIAL_TIMEOUT = 600  # seconds until the new system must be confirmed
AGAIN = 0.5  # seconds between two looks at a board
WAYS = ("telnet", "ftp", "http", "https")
READY = re.compile(r"(?m)^(\S+) is ready ")
TRIES = 6  # of what a connection that breaks has ended: that is no failure of the board

EPILOG = """\
A board is an address (telnet://USER:PW@HOST, ftp://..., http://...) or a host alone, which is telnet://root@HOST. --boards
FILE has one a line; # begins a comment. Each board gets the release by its own `upgrade`, checks the signature,
restarts, and must be confirmed: its services run, and it has been up for a while.

First one board alone, then --at-once of them at a time. When a board fails, those that have begun are seen to their end, and
the others are left alone. The status is 0 where all boards have the release.
"""


def arguments(parser, verb):
    parser.epilog = EPILOG
    parser.add_argument("boards", nargs="*", metavar="HOST", help="addresses of boards")
    parser.add_argument("--boards", dest="file", metavar="FILE", help="a file with addresses")
    parser.add_argument("--release", metavar="DIR", help="what `diatom release` has made; this computer serves it")
    parser.add_argument(
        "--from", dest="source", metavar="ADDRESS", help="where the boards get it (default: as they know)"
    )
    parser.add_argument("--first", type=int, default=1, metavar="N", help="boards of the first wave (default: 1)")
    parser.add_argument("--at-once", type=int, default=8, metavar="N", help="boards of each later wave (default: 8)")
    parser.add_argument("--keep-going", action="store_true", help="do not stop when a board fails")
    parser.add_argument(
        "--confirm", action="store_true", help="confirm each board when it answers again, without its trial"
    )


def run(options, out):
    hosts = hosts_of(options)
    if options.release and options.source:
        raise RemoteError("--release and --from: one of them", 2)
    if options.release:
        out.remark("release %s" % release_version(options.release))
    jobs = [Job(host, options, out) for host in hosts]
    with served(options.release) as port:
        stopped = False
        for wave in waves(jobs, max(options.first, 1), max(options.at_once, 1)):
            if stopped:
                break
            with ThreadPoolExecutor(len(wave)) as pool:
                for _ in pool.map(lambda job: job.run(port), wave):
                    pass
            stopped = any(job.state == "failed" for job in wave) and not options.keep_going
    return tell(jobs, out)


def hosts_of(options):
    """The addresses to update, without duplicates."""
    found = list(options.boards)
    if options.file:
        with open(options.file, encoding="utf-8") as file:
            found += [line.partition("#")[0].strip() for line in file]
    found = [host if "://" in host else "telnet://root@" + host for host in found if host]
    if not found:
        raise RemoteError("update: which boards?", 2)
    for host in found:
        if urlsplit(host).scheme not in WAYS or not urlsplit(host).hostname:
            raise RemoteError("%s: no board of the network (%s)" % (host, ", ".join(way + "://" for way in WAYS)), 2)
    return list(dict.fromkeys(found))


def with_password(host):
    """An address with its password, which is asked for here and not in the middle of the work."""
    parts = urlsplit(host)
    _, _, user, password = address.login(host, 0)
    login = "%s:%s@" % (quote(user, safe=""), quote(password, safe=""))
    return urlunsplit(parts._replace(netloc=login + parts.netloc.rpartition("@")[2]))


def release_version(directory):
    """The version of the release in a directory."""
    for name in sorted(os.listdir(directory)):
        if name.startswith("manifest-") and name.endswith(".json"):
            with open(os.path.join(directory, name), encoding="utf-8") as file:
                return json.load(file)["version"]
    raise RemoteError("%s: there is no release (`diatom release` makes one)" % directory)


def waves(jobs, first, many):
    """The jobs in the groups that are done at the same time."""
    yield jobs[:first]
    for i in range(first, len(jobs), many):
        yield jobs[i : i + many]


class served:
    """While it is entered, this computer serves a directory; the port, or None without a directory."""

    def __init__(self, directory):
        self.server = serve.server(directory) if directory else None

    def __enter__(self):
        if not self.server:
            return None
        threading.Thread(target=self.server.serve_forever, args=(0.1,), daemon=True).start()
        return self.server.server_address[1]

    def __exit__(self, *_):
        if self.server:
            self.server.shutdown()
            self.server.server_close()


class Failed(Exception):
    """This board has not been updated; the text says why."""


class Job:
    """One board: state is waiting, updated, same (it had the version already) or failed."""

    def __init__(self, host, options, out):
        self.host = with_password(host)
        self.options = options
        self.out = out
        self.state = "waiting"
        self.before = self.version = None
        self.reason = None

    @property
    def name(self):
        """The address without a password."""
        parts = urlsplit(self.host)
        return "%s://%s%s" % (parts.scheme, parts.hostname, ":%d" % parts.port if parts.port else "")

    def say(self, text):
        self.out.remark("%-28s %s" % (self.name, text))

    def run(self, port):
        """Update this board to the release."""
        try:
            self.update(port)
        except (Failed, RemoteError, OSError) as e:
            self.state = "failed"
            self.reason = str(e)
        self.say(self.state if self.reason is None else "%s: %s" % (self.state, self.reason))

    def update(self, port):
        with self.open() as board:
            self.before = self.version = self.patiently(installed, board)
            source = self.options.source or ""
            if port:
                source = "http://%s:%d/" % (own_address(self.host), port)
            self.say("has %s" % self.before)
            for _ in range(TRIES):
                status, said = self.patiently(upgrade, board, source)
                if status == 0 or "goes on from here" not in said:
                    break
            if status:
                raise Failed(error_line(said))
        ready = READY.search(said)
        if not ready:
            self.state = "same"
            return
        self.say("restarts")
        self.come_back(ready[1])

    def patiently(self, action, *args):
        """Do it again where the board does not answer: one that is short of memory lets nobody in for a while."""
        for left in range(TRIES - 1, -1, -1):
            try:
                return action(*args)
            except Unreachable:
                if not left:
                    raise
                time.sleep(AGAIN)
        raise AssertionError

    def open(self):
        return address.open_board(self.host, out=Silence())

    def come_back(self, wanted):
        """Wait until the board has restarted with the version and is confirmed."""
        end = time.monotonic() + RESTART_TIMEOUT
        seen = ""
        while time.monotonic() < end:
            time.sleep(AGAIN)
            try:
                with self.open() as board:
                    said = board.shell("upgrade --status")[1].decode(errors="replace")
                    if "at the next restart" in said:
                        continue  # it has not gone down yet, or takes it back
                    self.version = version_in(said)
                    if self.version != wanted:
                        raise Failed(said.splitlines()[1] if "\n" in said.strip() else "it has %s again" % self.version)
                    if "on trial" not in said:
                        self.state = "updated"
                        return
                    if self.options.confirm:
                        board.shell("upgrade --confirm")
                        continue
            except (Unreachable, RemoteError, OSError) as e:
                seen = str(e)
                continue
            if not seen.startswith("trial"):
                self.say("is on trial")
                seen, end = "trial", time.monotonic() + TRIAL_TIMEOUT
        raise Failed("the board has not come back with %s in time (%s)" % (wanted, seen))


def upgrade(board, source):
    """(status, what it has said) of the board's own `upgrade`, which restarts the board when it has all files."""
    said = bytearray()
    try:
        status, _ = board.shell(("upgrade -fr " + source).strip(), said.extend)
    except Unreachable:
        status = 0
        if not READY.search(said.decode(errors="replace")):
            raise
    return status, said.decode(errors="replace")


def error_line(said):
    """The error of `upgrade`, which may have a line of advice behind it."""
    errors = [line for line in said.splitlines() if line.startswith("upgrade: ")]
    return errors[-1] if errors else last_line(said)


def installed(board):
    """The version of a board."""
    status, said = board.shell("upgrade --status")
    if status:
        raise Failed(last_line(said.decode(errors="replace")))
    return version_in(said.decode(errors="replace"))


def version_in(said):
    for line in said.splitlines():
        if line.startswith("installed: "):
            return line[11:].strip()
    raise Failed("no answer of `upgrade --status`")


def last_line(said):
    lines = [line.strip() for line in said.replace("\r", "\n").splitlines() if line.strip()]
    return lines[-1] if lines else ""


def own_address(host):
    """The address of this computer that a board can reach: the one that its packets leave from."""
    parts = urlsplit(host)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((socket.gethostbyname(parts.hostname), parts.port or 9))
        return probe.getsockname()[0]


def tell(jobs, out):
    """The table, and the status."""
    out.result(
        [
            {"board": job.name, "state": job.state, "before": job.before, "version": job.version, "reason": job.reason}
            for job in jobs
        ]
    )
    for job in jobs:
        line = "%-28s %-8s %s" % (job.name, job.state, job.version or "-")
        out.say(line + (" (%s)" % job.reason if job.reason else ""))
    done = [job for job in jobs if job.state in ("updated", "same")]
    out.say("%d of %d boards have the release" % (len(done), len(jobs)))
    return 0 if len(done) == len(jobs) else 1
