# i2cscan - find the devices on an I2C bus
# usage: i2cscan [-q] [-f HZ] [BUS | SDA SCL]
#
# The pins of BUS (0) come from the board file; SDA and SCL are GPIO numbers. Status 1 if no device answers.
#   -q  only the addresses, one a line      -f HZ  the speed (100000)
# `i2cscan > 0` stores the list of addresses.

from base import board
from base.errors import Failure, Usage
from program import integer, options

proc = None


def __main__(args):
    opts, words = options(args, "qf:")
    if len(words) > 2:
        raise Usage("extra operand")
    numbers = [integer(word) for word in words]
    try:
        import machine
    except ImportError:
        raise Failure("", "this system has no I2C")
    bus = 0
    if len(numbers) == 2:
        pins = {"sda": numbers[0], "scl": numbers[1]}
    else:
        bus = numbers[0] if numbers else 0
        try:
            pins = board.gpios("i2c", bus)
        except (KeyError, IndexError):
            pins = {}
        if "sda" not in pins or "scl" not in pins:
            raise Failure(f"bus {bus}", "its pins are not in the board file; specify SDA and SCL")
    speed = opts.number("f", 100000)
    try:
        scl, sda = machine.Pin(pins["scl"]), machine.Pin(pins["sda"])
        if len(numbers) == 2:
            found = machine.SoftI2C(scl=scl, sda=sda, freq=speed).scan()
        else:
            found = machine.I2C(bus, scl=scl, sda=sda, freq=speed).scan()
    except (ValueError, OSError, AttributeError) as e:
        raise Failure(f"bus {bus}", str(e))
    proc.value = found
    write = proc.stdout.write
    if "q" not in opts:
        write(f"I2C {bus}: sda {pins['sda']}, scl {pins['scl']}, {len(found)} devices\n")
    for address in found:
        write(f"0x{address:02x}\n" if "q" in opts else f"{address:>5}  0x{address:02x}\n")
    return 0 if found else 1
