# cal - print a calendar
# usage: cal [-3my] [[MONTH] YEAR]
#
# Prints the current month, or MONTH, or all of YEAR.
#   -3  also the previous and next month      -y  the whole year      -m  weeks begin on Monday
# Deviations: the Gregorian calendar for all years.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/cal.html

from time import gmtime, time

from base.dates import MONTHS, offset
from base.errors import Usage
from program import options

proc = None

WIDTH = 20


def __main__(args):
    opts, words = options(args, "3my")
    now = gmtime(int(time()) + offset(proc.getenv("TZ")))
    if len(words) > 2 or not all(word.isdigit() for word in words):
        raise Usage("not a month and a year", " ".join(words))
    year = int(words[-1]) if words else now[0]
    month = int(words[0]) if len(words) == 2 else now[1]
    if not 1 <= year <= 9999 or not 1 <= month <= 12:
        raise Usage("not a month and a year", " ".join(words))
    monday = "m" in opts
    if "y" in opts or len(words) == 1:
        proc.stdout.write(" " * ((3 * WIDTH + 4 - len(str(year))) // 2) + f"{year}\n\n")
        for first in range(1, 13, 3):
            row([(year, first + k) for k in range(3)], monday, False)
            if first < 10:
                proc.stdout.write("\n")
        return
    months = [(year, month)]
    if "3" in opts:
        months = [shifted(year, month, step) for step in (-1, 0, 1)]
    row(months, monday, True)


def shifted(year, month, step):
    month += step - 1
    return year + month // 12, month % 12 + 1


def row(months, monday, years):
    """Print months side by side."""
    columns = [lines(year, month, monday, years) for year, month in months]
    height = max([len(column) for column in columns])
    for i in range(height):
        cells = [column[i] if i < len(column) else "" for column in columns]
        line = "  ".join([cell + " " * (WIDTH - len(cell)) for cell in cells])
        proc.stdout.write(line.rstrip() + "\n")


def lines(year, month, monday, years):
    """Return the lines of a month."""
    title = MONTHS.split()[month - 1] + (f" {year}" if years else "")
    left = (WIDTH - len(title)) // 2
    out = [" " * left + title, "Mo Tu We Th Fr Sa Su" if monday else "Su Mo Tu We Th Fr Sa"]
    first = (weekday(year, month) + (6 if monday else 0)) % 7
    cells = ["  "] * first + [f"{day:2d}" for day in range(1, days(year, month) + 1)]
    for i in range(0, len(cells), 7):
        out.append(" ".join(cells[i : i + 7]))
    return out


def weekday(year, month):
    """Return the weekday of the first day of a month, 0 for Sunday (Zeller)."""
    if month < 3:
        month += 12
        year -= 1
    return (1 + 13 * (month + 1) // 5 + year + year // 4 - year // 100 + year // 400 - 1) % 7


def days(year, month):
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
