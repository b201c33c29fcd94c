# logger - write to the log
# usage: logger [-is] [-p LEVEL] [-t TAG] [-f FILE] [MESSAGE...]
#
# Without MESSAGE and FILE, logs each line of standard input.
#   -p LEVEL  emerg alert crit err warning notice info debug (notice); FACILITY.LEVEL is accepted
#   -t TAG    the source (the user)      -s  also on standard error      -f FILE  the lines of FILE      -i  with the PID
# dmesg shows the log; /var/log/messages stores it.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/logger.html

from base import log
from base.errors import Usage
from program import inputs, options, status

proc = None


async def __main__(args):
    opts, words = options(args, "p:t:f:si", (("priority", "p"), ("tag", "t"), ("file", "f"), ("stderr", "s")))
    level = log.level(opts["p"] or "notice")
    if level is None:
        raise Usage("not a level", opts["p"])
    tag = opts["t"] or (proc.session.user if proc.session else "root")
    if "i" in opts:
        tag += f"[{proc.pid}]"

    def say(text):
        log.note(tag, text, level)
        if "s" in opts:
            proc.stderr.write(f"{tag}: {text}\n")

    if words:
        say(" ".join(words))
        return 0
    for _, stream in inputs([opts["f"]] if opts["f"] else []):
        while batch := await stream.lines():
            for line in batch:
                if line:
                    say(log.text_of(line))
    return status()
