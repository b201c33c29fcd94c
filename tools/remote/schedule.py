"""Regular backups: a line in the crontab of this computer's user."""

import os
import shlex
import shutil
import subprocess
import sys
import zlib
from urllib.parse import urlsplit

from remote.errors import RemoteError

HOUR = 4  # of daily and weekly backups
PERIODS = ("hourly", "daily", "weekly", "none")
TOOL = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "diatom")


def check(address):
    """RemoteError for an address that must not be in a crontab."""
    if urlsplit(address).password is not None:
        raise RemoteError("an address with a password in it: put the password into ~/.netrc, and leave it out here", 2)


def set_up(address, options):
    """Schedule backups of the board every options.schedule, or none; return the line of the crontab, or None."""
    line = None if options.schedule == "none" else entry(address, options)
    table = read_table(line)
    new = replaced(table, address, line)
    if new != table:
        _crontab("-", input=new)
    return line


def entry(address, options):
    """The line of a crontab, as crontab(5) describes it."""
    directory = os.path.abspath(options.into or ".")
    if not os.path.isdir(directory):
        raise RemoteError("%s: no such directory" % directory)
    command = [sys.executable, TOOL, "-b", address, "backup", "-q", "--into", directory]
    command += ["--keep", str(options.keep)] if options.keep else []
    text = shlex.join(command)
    if "\n" in text:
        raise RemoteError("a crontab has no place for a newline in a name")
    minute = zlib.crc32(address.encode()) % 60  # several boards are not saved in the same minute
    when = {
        "hourly": "%d * * * *" % minute,
        "daily": "%d %d * * *" % (minute, HOUR),
        "weekly": "%d %d * * 0" % (minute, HOUR),
    }[options.schedule]
    # cron mails what a command prints: errors only.
    return "%s %s > /dev/null %s" % (when, text.replace("%", "\\%"), mark(address))


def mark(address):
    """What the line of a board ends with: a comment for the shell."""
    return "# diatom backup " + address.replace("%", "\\%")


def replaced(table, address, line):
    """The text of a crontab in which `line`, if it is not None, is the only one of this board."""
    lines = [other for other in table.splitlines() if not other.endswith(" " + mark(address))]
    return "".join(text + "\n" for text in lines + ([line] if line else []))


def read_table(line):
    """The crontab of this user; line: what a computer without cron should run."""
    if not shutil.which("crontab"):
        raise RemoteError("this computer has no crontab" + (line and "; have its scheduler run: " + line or ""))
    run = _crontab("-l", check=False)
    if run.returncode and not run.stderr.startswith("no crontab for"):
        raise RemoteError("crontab: " + (run.stderr.strip() or "status %d" % run.returncode))
    return run.stdout if run.returncode == 0 else ""


def _crontab(argument, input=None, check=True):
    run = subprocess.run(["crontab", argument], input=input, capture_output=True, text=True)
    if check and run.returncode:
        raise RemoteError("crontab: " + (run.stderr.strip() or "status %d" % run.returncode))
    return run
