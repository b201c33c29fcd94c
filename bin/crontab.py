# crontab - edit the table of scheduled commands
# usage: crontab [-l | -e | -r]
#        crontab [-T] FILE
#
#   -l  show the table      -e  edit it with $EDITOR      -r  remove it
#   FILE  becomes the table ("-": standard input)         -T  only check FILE
# crond runs it: service start crond. A line of the table is
#   MINUTE HOUR DAY MONTH WEEKDAY COMMAND     numbers, * , lists 1,2, ranges 1-5, steps */10, names jan and mon
#   @reboot COMMAND      also @hourly @daily @weekly @monthly @yearly      @every 10s COMMAND      also 5m 1h30m 2d
#   NAME=VALUE           for the environment of the following lines        # a comment
# Weekdays are 0 to 7, both of them Sunday; if both day and weekday are given, either must match. Times are local (TZ).
# Invalid lines are reported, and the others run.
# Deviations: the table is installed all the same, status 1. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/crontab.html

from base import files
from base.errors import Failure, Usage
from base.paths import exists
from program import complain, inputs, options, status
from services import cron, crontab

proc = None

SIZE_MAX = 16384
DRAFT = "/tmp/crontab"


async def __main__(args):
    opts, words = options(args, "lerT")
    if len(words) > 1 or len(words) + len(opts.given) - (len(words) and "T" in opts) != 1:
        raise Usage("expected -l, -e, -r or FILE")
    if "T" in opts or words:
        path = words[0] if words else cron.TABLE
        text = await read(path)
        if text is not None:
            check(path, text)
            if "T" not in opts:
                install(text)
    elif "e" in opts:
        await edit()
    elif not exists(cron.TABLE):
        raise Failure("", "no crontab")
    elif "r" in opts:
        files.unlink(cron.TABLE)
        cron.notify(True)
    else:
        proc.stdout.write(await read(cron.TABLE))
    return status()


async def read(path):
    """Return the text of a file, or None if it cannot be read."""
    parts = []
    size = 0
    for _, stream in inputs([path]):
        while data := await stream.read():
            size += len(data)
            if size > SIZE_MAX:
                raise Failure(path, f"longer than {SIZE_MAX} bytes")
            parts.append(data)
        try:
            return b"".join(parts).decode()
        except UnicodeError:
            raise Failure(path, "not a text file")


def check(path, text):
    """Report the lines that are not valid."""
    zone = None
    for found in crontab.parse(text.split("\n")):
        if isinstance(found, tuple):
            complain(f"{path}: line {found[0]}", found[1])
        elif found.env.get("TZ", zone) != zone:
            from base import zones  # late: few tables name a time zone

            zone = found.env["TZ"]
            if fault := zones.fault(zone):
                complain(f"{path}: TZ", fault)


def install(text):
    if text and not text.endswith("\n"):
        text += "\n"
    files.replace(cron.TABLE, text)
    if not cron.notify(True):
        proc.stderr.write("crontab: crond is not running; use service start crond\n")


async def edit():
    """Let the user edit a copy, and install it."""
    before = await read(cron.TABLE) if exists(cron.TABLE) else ""
    files.replace(DRAFT, before)
    try:
        failed = await proc.run([str(proc.getenv("EDITOR") or "vi"), DRAFT])
        text = await read(DRAFT)
    finally:
        files.unlink(DRAFT)
    if failed:
        raise Failure("", "the editor failed; crontab unchanged")
    if text != before:
        check(cron.TABLE, text)
        install(text)
