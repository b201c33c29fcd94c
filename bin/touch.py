# touch - set the time of files, and create missing ones
# usage: touch [-acfm] [-d DATE | -t [[CC]YY]MMDDhhmm[.SS] | -r FILE] FILE...
#
#   -c  do not create files      -a, -m, -f  no effect: there is one time      -t  that time
#   -d DATE  that time instead of now, as date -d takes it      -r FILE  the time of FILE
# The content is unchanged. The file systems set no time but now: another one is in a table, /var/attributes, of 100 files,
# until the file is written the next time. ls, stat, find, test and date -r show it.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/touch.html

import os
from time import time

from base import attributes, generation
from base.errors import Failure, Usage, reason
from base.paths import DIRECTORY, mode, normal
from program import complain, options, status

proc = None

LONG = (("no-create", "c"), ("date", "d"), ("reference", "r"))


def __main__(args):
    opts, files = options(args, "acmfr:d:t:", LONG)
    if not files:
        raise Usage("missing operand")
    when = wanted(opts)
    for name in files:
        bits = mode(name)
        try:
            if not bits and "c" in opts:
                continue
            if not bits:
                open(name, "ab").close()
            path = normal(name, proc.cwd)
            if when is not None:
                attributes.set_time(path, when)
            elif not bits & DIRECTORY:
                renew(name)
                if generation.attributes is not False:
                    attributes.set_time(path, None)
        except (OSError, Failure) as e:
            complain(name, e)
    return status()


def wanted(opts):
    """Return the time that the options ask for, in this port's epoch; None: now."""
    if "r" in opts:
        try:
            return attributes.stat(opts["r"], proc.cwd)[8]
        except OSError as e:
            raise Failure(opts["r"], reason(e))
    for letter in "dt":
        if letter in opts:
            from base import parse_date  # late: only for -d and -t

            try:
                if letter == "t":
                    return parse_date.posix(opts["t"], proc.getenv("TZ"), True)
                return parse_date.parse(opts["d"], proc.getenv("TZ"))[0]
            except (ValueError, OverflowError):
                raise Failure(opts[letter], "invalid date")
    return None


def renew(name):
    """Make the file system set the time to now."""
    open(name, "ab").close()  # sufficient on littlefs
    if abs(os.stat(name)[8] - time()) > 2:
        with open(name, "r+b") as file:  # FAT needs a write: rewrite the first byte
            first = file.read(1)
            if first:
                file.seek(0)
                file.write(first)
