"""A busy board: all services with a client each, a console and a script at the same time, and the waits of each.

Used by the groups "busy" and "load", and by tests/services/test_busy.py.
"""

import json
import random
import re
import shutil
import tempfile
import time
from pathlib import Path

from benchmarks import users
from benchmarks.simulation import BenchError, Console
from simulator import budgets

SERVICES = ("wifi", "crond", "httpd", "ftpd", "telnetd")
LATE = 5  # seconds that a request may wait
SETTLE = 16  # seconds in which what clients have loaded is given back, and shells of closed pages end
# What nobody may read, whoever says it.
FULL = re.compile(r".*(?:out of memory|enough memory|little memory|memory allocation|MemoryError|Traceback).*")
CRONTAB = "* * * * * ls /etc | wc -l > /tmp/minute\n@every 10s date > /tmp/cron\n"
POND = {"ssid": "Pond", "password": "duckweed", "channel": 3, "rssi": -60}
SCRIPT = "i=0\nwhile true; do i=$((i + 1)); test $((i % 50)) = 0 && sleep 0.1; done\n"
HEAP = """import gc
from process import memory
def __main__(args):
  memory.evict(True)
  gc.collect()
  print("heap", gc.mem_alloc(), gc.mem_free())
"""


def words(simulator, name, image):
    """The simulator's command line for a board with the heap of the one of that name."""
    heap = f"{budgets.read(name).simulated_heap() >> 10}k"
    return simulator.words(image=image, heap=heap, libraries=True, stack="rp2")


class Board:
    """A simulator with running services, on whose console commands are typed."""

    def __init__(self, words):
        self.offset = random.randrange(10_000, 23_000)
        self.console = Console(
            [*words, "--port-offset", str(self.offset), "--set", "wifi.networks=" + json.dumps([POND])]
        )
        self.directory = Path(tempfile.mkdtemp(prefix="diatom-busy-"))  # for what clients keep
        self.output = ""  # all that the console has shown

    def start(self):
        """Set up a password, a crontab and a script, and start the services."""
        self.console.expect("$: ")
        for path, text in (("/tmp/table", CRONTAB), ("/tmp/busy.sh", SCRIPT), ("/tmp/heap.py", HEAP)):
            self.run(f"cat > {path} <<'end of file'\n{text}end of file")
        self.run("echo '{\"login_ms\": 20}' > /etc/system.conf; loadconfig")
        self.run(f"setauth root {users.PASSWORD} {users.PASSWORD}")
        self.run("crontab /tmp/table; wifi add Pond duckweed")
        for name in SERVICES:
            output, status = self.run(f"service start {name}")
            if status:
                raise BenchError(output)

    def run(self, line):
        """(what the console shows, status) of a line of commands."""
        self.console.send(line.replace("\n", "\r") + "\recho e''nd-$?-\r")
        output = self.console.expect("end-")
        status = self.console.expect("-")
        self.console.expect("$: ")
        self.output += output
        return output, int(status)

    def heap(self):
        """(bytes in use, bytes free) of the heap, without what is only kept to be quick."""
        found = re.search(r"heap (\d+) (\d+)", self.run("/tmp/heap")[0])
        return int(found[1]), int(found[2])

    def port(self, number):
        return number + self.offset

    def close(self):
        self.console.__exit__()
        shutil.rmtree(self.directory, ignore_errors=True)


def load(board, seconds, kinds=users.KINDS):
    """Let users of these kinds work side by side for so long; return them with their results."""
    everybody = [kind(board) for kind in kinds]
    for user in everybody:
        user.start()
    try:
        time.sleep(seconds)
    finally:
        for user in everybody:
            user.over.set()
        for user in everybody:
            user.join()
    return everybody


def complaints(board, everybody):
    """Forbidden messages to a user, the console or the log, and other failures."""
    said = [f"{user.name}: {text}" for user in everybody for text in user.failures]
    for user in everybody:
        said += [f"{user.name}: {found}" for found in FULL.findall(user.output)]
    log = board.run("dmesg -l warning")[0]  # which also looks for what crond's commands say
    said += ["log: " + line.strip() for line in log.splitlines()[1:] if re.match(r"\[ *\d+\] ", line)]
    return said + ["console: " + found for found in FULL.findall(board.output)]
