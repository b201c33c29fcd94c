# gpio - read and write pins
# usage: gpio [-a] [GPIO...]
#        gpio [-ud] GPIO 0|1|toggle|in
#        gpio -w PERCENT [-f HZ] GPIO
#
# Reading prints the level, 0 or 1, without changing the pin; without GPIO it lists all pins of the board file with their
# positions. Writing makes the pin an output, `in` makes it an input.
#   -a  the voltage, 0 to 65535      -u  input with pull-up      -d  with pull-down
#   -w PERCENT  PWM with that duty cycle, at HZ (1000); -w 0 ends it
# `gpio 4 > 0` stores the number in $0. /dev/gpio/4 and /dev/adc/34 are the same as files.

from base.errors import Failure, Usage
from base.strerror import strerror
from program import complain, integer, options, status

proc = None

WORDS = ("0", "1", "on", "off", "toggle", "in", "out")


def __main__(args):
    opts, words = options(args, "audw:f:")
    for word in words[:1] if len(words) == 2 else words:
        if not word.isdigit():
            raise Usage("not the number of a GPIO", word)
    from kernel import devpins  # late: a usage error needs none

    if "w" in opts:
        if len(words) != 1:
            raise Usage("expected one GPIO")
        return pulse(words[0], opts["w"], opts.number("f", 1000))
    kind = "adc" if "a" in opts else "gpio"
    if len(words) == 2 and words[1] in WORDS and kind == "gpio" or "u" in opts or "d" in opts:
        if not words or len(words) > 2:
            raise Usage("expected one GPIO")
        pin = open_pin(devpins, kind, words[0])
        if "u" in opts or "d" in opts:
            pin.obey(b"up" if "u" in opts else b"down")
        if len(words) == 2:
            pin.obey(words[1].encode())
        return 0
    if not words:
        return show_all(devpins, kind)
    for word in words:
        try:
            proc.value = int(open_pin(devpins, kind, word).read())
        except Failure as e:
            complain(word, e)
            continue
        proc.stdout.write(f"{word}: {proc.value}\n" if len(words) > 1 else f"{proc.value}\n")
    return status()


def open_pin(devpins, kind, word):
    """Return the pin or device, or raise Failure if the board has none."""
    try:
        return devpins.device(kind, word, False)
    except OSError as e:
        raise Failure(word, strerror(e.args[0]))


def show_all(devpins, kind):
    """Print a line for each pin in the board file."""
    from base import board  # late: only to list

    places = board.read()["gpio"][0]
    proc.stdout.write("GPIO  PIN  VALUE\n")
    for name in devpins.names(kind):
        try:
            value = open_pin(devpins, kind, name).read().strip()
        except Failure:
            value = "-"
        proc.stdout.write(f"{name:>4} {places[name]:>4} {value:>6}\n")


def pulse(word, percent, freq):
    """Start or stop PWM."""
    number = integer(word)
    try:
        share = float(percent)
        if not 0 <= share <= 100:
            raise ValueError
    except ValueError:
        raise Usage("not 0 to 100", percent)
    try:
        from machine import PWM, Pin

        if share:
            PWM(Pin(number), freq=freq, duty_u16=int(share * 655.35 + 0.5))
        else:
            PWM(Pin(number)).deinit()
    except (ImportError, ValueError, TypeError) as e:
        raise Failure(word, str(e))
