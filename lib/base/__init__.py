# The lowest floor: the version of the system, and what is known of this boot. clock.py counts from when it was started.

from time import ticks_ms, time

VERSION = "0.1.0"

started = (int(time()), ticks_ms())  # the clock's seconds, and the ticks of the same moment
schedule = None  # the kernel's: starts a coroutine as a task that belongs to no program
given = {}  # key: value from the kernel's command line: comes before that of system.conf and is never saved
recovery = False  # this boot runs no user code
broken = None  # why the shell could not be loaded: the system is damaged
port_offset = 0  # added to every port that a service listens on
