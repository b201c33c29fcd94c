"""A client each of telnet, FTP and HTTP, cron, a busy script and the console at the same time, without a browser."""

from benchmarks import users
from benchmarks.groups import busy

SECONDS = 150
KINDS = [kind for kind in users.KINDS if kind is not users.InBrowser]


def measure(simulator, quick):
    cases = [(busy.DEFAULT, "romfs"), (busy.SMALL, "romfs")]
    return busy.measure(simulator, quick, cases, SECONDS, KINDS)
