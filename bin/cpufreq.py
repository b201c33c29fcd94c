# cpufreq - show or set the clock of the processor
# usage: cpufreq [-v] [MHZ]
#
#   -v  show it, as without MHZ
# Valid values depend on the processor: ESP32 80, 160 and 240, RP2040 48 to 133, and more at your own risk.

from base.errors import Failure, Usage
from program import options

proc = None


def __main__(args):
    _, words = options(args, "v")
    try:
        from machine import freq
    except ImportError:
        raise Failure("", "the clock of this processor is unknown")
    if len(words) > 1:
        raise Usage("extra operand")
    if words:
        if not words[0].isdigit():
            raise Usage("invalid number of MHz", words[0])
        try:
            freq(int(words[0]) * 1000000)
        except ValueError as e:
            raise Failure(words[0], str(e) or "not a clock of this processor")
    now = freq()
    if isinstance(now, tuple):
        now = now[0]
    proc.stdout.write(f"CPU speed: {now / 1000000:g} MHz\n")
