# The lowest floor. When the system was started: clock.py counts from here.

from time import ticks_ms, time

started = (int(time()), ticks_ms())  # the clock's seconds, and the ticks of the same moment
