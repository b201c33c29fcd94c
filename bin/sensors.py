# sensors - show the temperature of the chip
# usage: sensors [-q]
#
#   -q  only the number, in degrees Celsius
# For chips with an internal sensor: ESP32, RP2040, RP2350. `sensors > 0` stores the number.

from base.chip import temperature
from base.errors import Failure
from program import options

proc = None


def __main__(args):
    opts, _ = options(args, "q", most=0)
    degrees = temperature()
    if degrees is None:
        raise Failure("", "this board has no sensor of its own")
    proc.value = round(degrees, 1)
    proc.stdout.write(f"{degrees:.1f}\n" if "q" in opts else f"MCU temperature: {degrees:.1f} C\n")
