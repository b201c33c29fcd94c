# rtc - show or set the hardware's clock, and its memory
# usage: rtc [-s TIME]
#        rtc -m [TEXT]
#
# The clock runs in UTC; `date` shows local time.
#   -s TIME  set it: "2026-11-21 03:51:25"      -m  show the memory that survives a reset, or set it to TEXT

from base import clock, dates
from base.errors import Failure, Usage
from program import options

proc = None


def __main__(args):
    opts, words = options(args, "s:m")
    if len(words) > ("m" in opts):
        raise Usage("extra operand")
    try:
        from machine import RTC
    except ImportError:
        raise Failure("", "this system has no real-time clock")
    if "m" in opts:
        return memory(RTC(), words)
    if "s" in opts:
        adjust(opts["s"])
    t = RTC().datetime()
    day = dates.DAYS.split()[t[3]][:3]
    proc.stdout.write(f"{day} {t[0]:04d}-{t[1]:02d}-{t[2]:02d} {t[4]:02d}:{t[5]:02d}:{t[6]:02d} UTC\n")


def adjust(text):
    """Set the clock to YYYY-MM-DD HH:MM:SS."""
    try:
        day, time = text.replace("T", " ").split()
        date = [int(part) for part in day.split("-") + time.split(":")]
        when = dates.seconds(*date)
    except (ValueError, TypeError, OverflowError):
        raise Usage("expected YYYY-MM-DD HH:MM:SS", text)
    if dates.strftime("%Y %m %d %H %M %S", when).split() != [f"{part:02d}" for part in (date + [0])[:6]]:
        raise Usage("invalid date", text)
    try:
        clock.adjust(when)
    except (OSError, ValueError, OverflowError):
        raise Failure(text, "cannot set the clock")


def memory(rtc, words):
    if not hasattr(rtc, "memory"):
        raise Failure("", "this clock has no memory")
    if words:
        try:
            rtc.memory(words[0].encode())
        except ValueError as e:
            raise Failure("", str(e))
    else:
        proc.stdout.write("".join([chr(c) if 32 <= c < 127 else f"\\x{c:02x}" for c in rtc.memory()]) + "\n")
