# numfmt - write numbers for people, and read such numbers
# usage: numfmt [--from UNIT] [--to UNIT] [-d CHAR] [--field N[,N...]] [--padding N] [--suffix TEXT] [NUMBER...]
#
# UNIT: none; si: 1K is 1000; iec: 1K is 1024; iec-i: 1Ki is 1024; auto (only --from): either.
#   --field N[,N...]  those fields of each line (1)      -d CHAR  between fields, instead of blanks
#   --padding N  to a width; negative: to the left      --suffix TEXT  behind each number, and taken off before
#   --round up|down|nearest|from-zero|towards-zero (from-zero)      --format FORM  as printf has %f      --header[=N]  first lines
#   --invalid abort|fail|warn|ignore  what happens where there is no number (abort)
#   --from-unit N, --to-unit N  of so many each      --grouping  no effect
# Status 2 where a number is wrong.

from base.errors import Usage
from program import integer, options

proc = None

LONG = "from: to: field: padding: suffix: round: format: grouping delimiter=d invalid: from-unit: to-unit:"
LETTERS = "KMGTPEZY"
BASES = {"si": 1000, "iec": 1024, "iec-i": 1024}


async def __main__(args):
    heading = 0
    rest = []
    for arg in args:
        if arg[:8] == "--header":
            heading = integer(arg[9:] or "1")
        else:
            rest.append(arg)
    opts, numbers = options(rest, "d:", LONG)
    for name in ("from", "to"):
        if opts[name] not in (None, "none", "auto", "si", "iec", "iec-i") or (name == "to" and opts[name] == "auto"):
            raise Usage("invalid argument", opts[name])
    converter = Converter(opts)
    for number in numbers:
        proc.stdout.write(converter.line(number) + "\n")
    while not numbers and (batch := await proc.stdin.lines()):
        for data in batch:
            text = data.decode()
            proc.stdout.write((text if heading > 0 else converter.line(text)) + "\n")
            heading -= 1
    return converter.status


class Converter:
    """Converts numbers in lines."""

    def __init__(self, opts):
        self.opts = opts
        self.fields = opts["field"] or "1"
        self.suffix = opts["suffix"] or ""
        self.padding = opts.number("padding", 0)
        self.invalid = opts["invalid"] or "abort"
        self.status = 0

    def line(self, text):
        """Return a line with its numbers converted."""
        char = self.opts["d"]
        out = []
        for i, field in enumerate(text.split(char) if char else blanks(text)):
            if is_wanted(self.fields, i + 1):
                field = self.field(field, char)
            out.append(field)
        return (char or "").join(out)

    def field(self, field, char):
        bare = field if char else field.lstrip(" \t")
        lead = len(field) - len(bare)
        number = self.converted(bare)
        if self.padding:
            number = f"{number:<{-self.padding}}" if self.padding < 0 else f"{number:>{self.padding}}"
            return " " * min(lead, 1) + number
        return f"{number:>{len(field)}}" if lead and len(number) < len(field) else " " * min(lead, 1) + number

    def converted(self, text):
        """Convert a number; text that is not one is returned unchanged."""
        opts = self.opts
        bare = text[: -len(self.suffix)] if self.suffix and text.endswith(self.suffix) else text
        try:
            value = parsed(bare, opts["from"]) * opts.number("from-unit", 1) / opts.number("to-unit", 1)
        except ValueError:
            if self.invalid != "ignore":
                proc.complain(f"'{text}'", "invalid number")
            if self.invalid == "abort":
                raise SystemExit(2)
            self.status = 2 if self.invalid == "fail" else 0
            return text
        return shown(value, opts["to"], opts["round"] or "from-zero", opts["format"], bare) + self.suffix


def blanks(text):
    """Split a line into fields, each with its leading blanks."""
    fields, start = [], 0
    for i in range(1, len(text)):
        if text[i] in " \t" and text[i - 1] not in " \t":
            fields.append(text[start:i])
            start = i
    fields.append(text[start:])
    return fields


def is_wanted(wanted, number):
    for part in wanted.split(","):
        low, dash, high = part.partition("-")
        if part == "-" or number == int(low or 1) or (dash and int(low or 1) <= number <= int(high or number)):
            return True
    return False


def parsed(text, unit):
    """Parse a number with a unit."""
    if not text:
        raise ValueError
    letter, inner = text[-1], text[:-1]
    if letter == "i" and unit in ("iec-i", "auto"):
        letter, inner = text[-2], text[:-2]
        unit = "iec"
    elif unit == "auto":
        unit = "si"
    letter = letter.upper()
    if letter not in LETTERS or not letter:
        return float(text)
    if unit in (None, "none"):
        raise ValueError
    return float(inner) * BASES[unit] ** (LETTERS.find(letter) + 1)


def shown(value, unit, how, form, given):
    """Format a value."""
    if unit in (None, "none"):
        if form:
            return form.replace("'", "") % value
        places = len(given.partition(".")[2]) if given.replace(".", "").lstrip("-").isdigit() else 0
        return f"{value:.{places}f}"
    base = BASES[unit]
    power = 0
    size = abs(value)
    while size >= base and power < len(LETTERS):
        size /= base
        power += 1
    size = rounded(size, 1 if power and size < 10 else 0, how, value < 0)
    if size >= base and power < len(LETTERS):
        size, power = size / base, power + 1
    digits = 1 if power and size < 10 else 0
    sign = "-" if value < 0 else ""
    letter = LETTERS[power - 1] + ("i" if unit == "iec-i" else "") if power else ""
    if form:
        return (form.replace("'", "") % (-size if value < 0 else size)) + letter
    return f"{sign}{size:.{digits}f}{letter}"


def rounded(size, places, how, negative):
    scale = 10**places
    exact = size * scale
    whole = int(exact)
    up = how == "from-zero" or (how == "up" and not negative) or (how == "down" and negative)
    if how == "nearest":
        up = exact - whole >= 0.5
    return (whole + (1 if up and exact > whole else 0)) / scale
