# who - show who is logged in
# usage: who [-mHqb] [am i]
#
#   -m, am i  only this session      -H  with a heading      -q  names and their number      -b  when the system started
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/who.html

from time import ticks_diff, ticks_ms

from base import clock, dates
from process.ps import sessions
from program import options

proc = None

FORM = "%Y-%m-%d %H:%M"


def __main__(args):
    opts, words = options(args, "mHqb", (("heading", "H"), ("count", "q"), ("boot", "b")))
    write = proc.stdout.write
    zone = proc.getenv("TZ")
    now = clock.now()
    if "b" in opts:
        when = dates.strftime(FORM, now - clock.uptime(), zone)
        write(f"{'':<8} system boot  {when}\n")
        return
    found = [s for s in sessions() if s is proc.session or not ("m" in opts or len(words) == 2)]
    if "q" in opts:
        write(" ".join([s.user for s in found]) + f"\n# users={len(found)}\n")
        return
    if "H" in opts:
        write("NAME     LINE         TIME             PID\n")
    for session in found:
        leader = session.leader.process
        began = now - ticks_diff(ticks_ms(), leader.started) // 1000
        when = dates.strftime(FORM, began, zone)
        write(f"{session.user:<8} {session.name:<12} {when} {leader.pid}\n")
