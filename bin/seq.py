# seq - print a sequence of numbers
# usage: seq [-w] [-s TEXT] [-f FORMAT] [FIRST [STEP]] LAST
#
#   -w  pad with zeros to equal width     -s TEXT  separator (a newline)
#   -f FORMAT  as printf, with one of %e %f %g
# Numbers have as many decimals as FIRST and STEP, and are exact.

import asyncio

from base.errors import Failure, Usage
from program import options

proc = None

BATCH = 128  # numbers written before yielding to other tasks
SHIFT_MAX = 300  # limit for exponents


async def __main__(args):
    opts, words = options(guard(args), "ws:f:", (("equal-width", "w"), ("separator", "s"), ("format", "f")))
    if not 1 <= len(words) <= 3:
        raise Usage("expected one to three numbers")
    first = decimal(words[0] if len(words) > 1 else "1")
    step = decimal(words[1] if len(words) > 2 else "1")
    last = decimal(words[-1])
    places = max(first[1], step[1])
    scale = max(places, last[1])
    wide = max(first[2], last[2])
    start, step, end = [number * 10 ** (scale - digits) for number, digits, _ in (first, step, last)]
    if not step:
        raise Failure("", "increment is 0")
    show = shower(opts, scale, places, wide + (places + 1 if places else 0) if "w" in opts else 0)
    separator = opts["s"] if "s" in opts else "\n"
    numbers = range(start, end + (1 if step > 0 else -1), step)
    count = len(numbers)
    for at in range(0, count, BATCH):
        text = separator.join([show(number) for number in numbers[at : at + BATCH]])
        proc.stdout.write(text + (separator if at + BATCH < count else "\n"))
        await asyncio.sleep_ms(0)


def guard(args):
    """Put -- before the first operand, which may be a negative number."""
    i = 0
    while (
        i < len(args) and args[i][:1] == "-" and args[i] != "--" and not args[i][1:2].isdigit() and args[i][1:2] != "."
    ):
        i += 2 if args[i] in ("-s", "-f", "--separator", "--format") else 1
    return args[:i] + ["--"] + args[i:] if "--" not in args[: i + 1] else args


def decimal(text):
    """Parse a number: (value without its point, digits after it, columns before it)."""
    number, exponent, power = text.strip().replace("E", "e").partition("e")
    whole, _, part = number.partition(".")
    whole = whole.lstrip("+")
    if not whole.strip("-"):
        whole += "0"
    try:
        shift = int(power) if exponent else 0
        if abs(shift) > SHIFT_MAX:
            raise ValueError
        value, places = int(whole + part), len(part) - shift
    except ValueError:
        raise Usage("invalid number", text)
    if places < 0:
        value, places = value * 10**-places, 0
    return value, places, len(whole) + max(shift, 0)


def shower(opts, scale, places, width):
    """Return a function that formats a scaled number; width: minimal width."""
    form = opts["f"]
    if form is not None:
        form = check(form)
        return lambda number: form % (number / 10**scale if scale else float(number))
    if not scale and not width:
        return str

    def show(number):
        text = point(number, scale, places)
        if len(text) >= width:
            return text
        sign = "-" if number < 0 else ""
        return sign + "0" * (width - len(text)) + text[len(sign) :]

    return show


def point(number, scale, places):
    """Format a scaled number with `places` decimals."""
    if not scale:
        return str(number)
    digits = str(abs(number))
    digits = "0" * (scale + 1 - len(digits)) + digits
    sign = "-" if number < 0 else ""
    cut = len(digits) - scale
    return sign + digits[:cut] + ("." + digits[cut : cut + places] if places else "")


def check(form):
    """Return form if it has exactly one directive, %e, %f or %g, without its ' flag; else raise Usage."""
    parts = form.replace("%%", "").split("%")
    text = parts[1] if len(parts) == 2 else ""
    text = text.lstrip("-+ #0'")
    while text[:1].isdigit():
        text = text[1:]
    if text[:1] == ".":
        text = text[1:]
        while text[:1].isdigit():
            text = text[1:]
    if text[:1] not in ("e", "f", "g", "E", "F", "G"):
        raise Usage("wrong format", form)
    at = len(form) - len(form.split("%")[-1]) if "%%" not in form else 0
    return form[:at] + form[at:].replace("'", "", 1) if at and "'" in parts[1].split(text)[0] else form
