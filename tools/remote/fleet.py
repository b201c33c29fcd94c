"""diatom fleet: what many boards are and do: a table, a command on each, a Load Module onto each, figures for Prometheus."""

import http.server
import os
import re
import shlex
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit, urlunsplit

from remote import address, scan
from remote.errors import RemoteError, Unsupported
from remote.output import size

AT_ONCE = 8  # boards
KEPT = 5  # seconds for which figures are kept, however often they are asked for
MODULES = "/local/modules"  # where Load Modules are
ROW = "%-34s %-12s %-9s %9s %9s %7s  %s"
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE]-?\d+)?$")

EPILOG = """\
A board is an address, as for -b; --boards FILE has one a line; # begins a comment. Without any, those that `diatom scan` finds in
the network are meant. All are asked at the same time. The status is 0 where all have answered and all commands have succeeded.

--script FILE is a macro: lines of shell commands of this computer, run on each board. --module copies Load Modules of
micrOS to /local/modules and unloads the old ones, so the next call runs the new. --metrics serves http://HOST:PORT/metrics for
Prometheus: what the boards are and, with --call, the numbers that a Load Module returns. Nothing else can be called there.
"""


def arguments(parser, verb):
    parser.epilog = EPILOG
    parser.add_argument("boards", nargs="*", metavar="ADDRESS", help="addresses of boards")
    parser.add_argument("--boards", dest="file", metavar="FILE", help="a file with addresses")
    parser.add_argument(
        "--wait", type=float, default=1.0, metavar="SECONDS", help="how long a search of the network takes"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--run", metavar="LINE", help="run a line of shell commands on each")
    what.add_argument("--script", metavar="FILE", help="run the shell commands of a file of this computer on each")
    what.add_argument(
        "--module", metavar="LM", action="append", help="bring a Load Module (a file LM_NAME.py) onto each"
    )
    what.add_argument(
        "--metrics", metavar="PORT", help="serve figures for Prometheus at this port of 127.0.0.1, or HOST:PORT"
    )
    parser.add_argument(
        "--call",
        metavar="'MODULE FUNCTION'",
        action="append",
        default=[],
        help="with --metrics: a call, for its numbers",
    )


def run(options, out):
    hosts = hosts_of(options)
    if options.metrics:
        return serve(options, hosts, out)
    if options.run or options.script:
        text = options.run
        if options.script:
            with open(options.script, encoding="utf-8") as file:
                text = file.read().strip()
        return tell_runs(each(hosts, lambda board: command(board, text)), out)
    if options.module:
        files = [(os.path.basename(name), read(name)) for name in options.module]
        return tell_runs(each(hosts, lambda board: bring(board, files)), out)
    return tell_table(each(hosts, facts), out)


def hosts_of(options):
    """The addresses of the boards, without duplicates."""
    found = list(options.boards)
    if options.file:
        with open(options.file, encoding="utf-8") as file:
            found += [line.partition("#")[0].strip() for line in file]
    if not found and not options.file:
        found = [board["address"] for board in scan.network(options.wait)]
    found = list(dict.fromkeys(host for host in found if host))
    if not found:
        raise RemoteError("fleet: no boards found in the network; give addresses")
    return found


def shown(host):
    """An address without its password."""
    parts = urlsplit(host)
    if not parts.password:
        return host
    return urlunsplit(parts._replace(netloc="%s@%s" % (parts.username, parts.netloc.rpartition("@")[2])))


def each(hosts, work):
    """[(address, what work(board) gives, or {"error": why})] of all boards, asked at the same time."""

    def one(host):
        begun = time.monotonic()
        try:
            with address.open_board(host) as board:
                found = work(board)
        except (RemoteError, OSError) as e:
            found = {"error": getattr(e, "strerror", None) or str(e)}
        return shown(host), {"seconds": round(time.monotonic() - begun, 3), **found}

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, hosts))


# --- the table


def facts(board):
    found = {name: value for name, value in board.facts().items() if name != "address"}
    try:
        found["storage"], found["free_storage"] = board.space()
    except Unsupported:
        pass
    return found


def tell_table(boards, out):
    out.result([{"address": host, **found} for host, found in boards])
    out.say(ROW % ("ADDRESS", "NAME", "VERSION", "MEMORY", "STORAGE", "SECONDS", "BOARD"))
    for host, found in boards:
        free = [size(found[name]) if name in found else "-" for name in ("free_memory", "free_storage")]
        about = found.get("error") or found.get("machine", "")
        out.say(ROW % (host, found.get("hostname", "-"), found.get("diatom", "-"), *free, found["seconds"], about))
    return status(boards)


def status(boards):
    return 1 if any("error" in found or found.get("status") for _, found in boards) else 0


# --- commands and Load Modules


def command(board, text):
    code, output = board.shell(text)
    return {"status": code, "output": output.decode(errors="replace")}


def read(name):
    base = os.path.basename(name)
    if not re.match(r"LM_\w+\.m?py$", base):
        raise RemoteError("%s: no Load Module (LM_NAME.py or LM_NAME.mpy)" % name, 2)
    with open(name, "rb") as file:
        return file.read()


def bring(board, files):
    """Copy Load Modules onto a board; what it has loaded of them is unloaded."""
    board.make_directories(MODULES)
    for name, data in files:
        board.write("%s/%s" % (MODULES, name), data)
    words = " ".join(shlex.quote(name.partition(".")[0]) for name, _ in files)
    text = "! service status micros > /dev/null 2>&1 || for m in %s; do lm pacman unload $m > /dev/null; done" % words
    code, output = board.shell(text)
    return {"status": code, "output": output.decode(errors="replace") or "".join(name + "\n" for name, _ in files)}


def tell_runs(boards, out):
    out.result([{"address": host, **found} for host, found in boards])
    for host, found in boards:
        if "error" in found:
            out.say("%s: %s" % (host, found["error"]))
            continue
        for line in found["output"].splitlines() or [""]:
            out.say("%s: %s" % (host, line))
        if found["status"]:
            out.say("%s: status %d" % (host, found["status"]))
    return status(boards)


# --- figures for Prometheus


ROWS = (
    ("diatom_memory_bytes", "memory", "The heap"),
    ("diatom_memory_free_bytes", "free_memory", "Free bytes of the heap"),
    ("diatom_storage_bytes", "storage", "The file system at /"),
    ("diatom_storage_free_bytes", "free_storage", "Free bytes of the file system at /"),
)


def measured(board, calls):
    """A board's facts, and what its Load Modules measure."""
    found = facts(board)
    found["values"] = []
    for call in calls:
        code, output = board.shell("lm " + call)
        if code:
            continue
        for line in output.decode(errors="replace").splitlines():
            name, colon, value = line.rpartition(":")
            if NUMBER.match(value.strip()):
                found["values"].append((call, name.strip() if colon else "", value.strip()))
    return found


def label(**names):
    """Labels in Prometheus's form."""
    pairs = []
    for name, value in names.items():
        text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        pairs.append('%s="%s"' % (name, text))
    return "{%s}" % ",".join(pairs)


def metrics(boards):
    """What boards have answered, as text for Prometheus."""
    out = ["# HELP diatom_up Whether the board answers.", "# TYPE diatom_up gauge"]
    out += ["diatom_up%s %d" % (label(board=host), "error" not in found) for host, found in boards]
    out += ["# HELP diatom_answer_seconds How long it took.", "# TYPE diatom_answer_seconds gauge"]
    out += ["diatom_answer_seconds%s %s" % (label(board=host), found["seconds"]) for host, found in boards]
    for name, key, about in ROWS:
        out += ["# HELP %s %s." % (name, about), "# TYPE %s gauge" % name]
        out += ["%s%s %d" % (name, label(board=host), found[key]) for host, found in boards if key in found]
    out += ["# HELP diatom_value What a Load Module returns.", "# TYPE diatom_value gauge"]
    for host, found in boards:
        for call, name, value in found.get("values", ()):
            out.append("diatom_value%s %s" % (label(board=host, call=call, name=name), value))
    return "\n".join(out) + "\n"


class Gateway(http.server.ThreadingHTTPServer):
    """Serves /metrics of the boards; they are asked once for all who ask within KEPT seconds."""

    daemon_threads = True

    def __init__(self, place, hosts, calls):
        super().__init__(place, Handler)
        self.hosts, self.calls = hosts, calls
        self.lock = threading.Lock()
        self.text, self.at = "", -KEPT

    def current(self):
        with self.lock:
            if time.monotonic() - self.at >= KEPT:
                self.text = metrics(each(self.hosts, lambda board: measured(board, self.calls)))
                self.at = time.monotonic()
            return self.text


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802 (the name that http.server calls)
        found = self.path.partition("?")[0] == "/metrics"
        data = (self.server.current() if found else "only /metrics is here\n").encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Nothing: each request would be a line."""


def serve(options, hosts, out):
    host, _, port = options.metrics.rpartition(":")
    if not port.isdigit():
        raise RemoteError("%s: expected [HOST:]PORT" % options.metrics, 2)
    with Gateway((host or "127.0.0.1", int(port)), hosts, options.call) as gateway:
        out.say("http://%s:%d/metrics, %d boards; Ctrl-C ends" % (*gateway.server_address[:2], len(hosts)))
        if not out.json:
            sys.stdout.flush()
        gateway.serve_forever(0.2)
    return 0
