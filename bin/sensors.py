# sensors - show the temperature of the chip
# usage: sensors [-q]
#
#   -q  only the number, in degrees Celsius
# An ESP32 and an RP2040 or RP2350 have a thermometer inside. `sensors > 0` stores the number.

from base.errors import Failure
from base.temperature import measure
from program import options

proc = None


def __main__(args):
    opts, _ = options(args, "q", most=0)
    degrees = measure()
    if degrees is None:
        raise Failure("", "this board has no sensor of its own")
    proc.value = round(degrees, 1)
    proc.stdout.write(f"{degrees:.1f}\n" if "q" in opts else f"MCU temperature: {degrees:.1f} C\n")
