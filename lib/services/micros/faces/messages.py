# micrOS's modules Debug, Logger and Notify: the log is Diatom's, and data files have a limit of lines.

from time import localtime

from base import log
from services.micros import settings
from services.micros.faces.files import OSPath, make_directories

_SOURCE = "micros"
_DATA_MAX = 30  # lines in a file of data
_LEVELS = {"[ERR]": log.ERR, "[WARN]": log.WARNING, "[BOOT]": log.NOTICE, "[INFO]": log.INFO}


def console_write(msg):
    """Log a line that micrOS writes to its console."""
    log.note(_SOURCE, str(msg), log.DEBUG)


def syslog(data=None, console=True, dump=False):
    """Log a line, at the level of its tag; without one, say how many errors there are."""
    if data is None:
        return alarms(dump)
    text = str(data)
    tag = text.split(" ", 1)[0]
    log.note(_SOURCE, text[len(tag) :].lstrip() if tag in _LEVELS else text, _LEVELS.get(tag, log.INFO))
    return True


def alarms(dump=False):
    """{health, verdict} of the log's errors; dump: with their lines."""
    found = [text for _, level, source, text in log.entries() if level <= log.ERR and source == _SOURCE]
    answer = {"health": not found, "verdict": f"{'NOK' if found else 'OK'} alarm: {len(found)}"}
    if dump and found:
        answer["dmesg"] = "\n".join(found)
    return answer


def log_clean():
    log.clear()


def data_logger(f_name, data=None, limit=12):
    """Add a line with its time to /data/NAME.dat, of which the last `limit` stay; without data, the file's text."""
    name = f_name if f_name.endswith(".dat") else f_name + ".dat"
    if "/" in name or name[0] == ".":
        raise ValueError("invalid name: " + f_name)
    path = OSPath.DATA + "/" + name
    try:
        with open(path) as file:
            text = file.read()
    except OSError:
        text = ""
    if data is None:
        return text
    from base.files import replace  # late: only to write

    make_directories(OSPath.DATA)
    t = localtime()
    kept = text.split("\n")[:-1][1 - max(1, min(limit, _DATA_MAX)) or len(text) :]
    kept.append(f"{t[0]}.{t[1]}.{t[2]}-{t[3]}:{t[4]}:{t[5]} {data}")
    try:
        replace(path, "\n".join(kept) + "\n")
    except OSError:
        return False
    return True


def log_get(f_name):
    return data_logger(f_name)


class Notify:
    """Those who pass messages on; a subclass has send_msg(text, ...). The channels of the settings do, too."""

    GLOBAL_NOTIFY = True
    _SUBSCRIBERS = []
    _DEVFID = settings.get("devfid")  # subclasses use it

    @staticmethod
    def add_subscriber(instance):
        if not isinstance(instance, Notify):
            raise ValueError("Subscribe error, Notify parent missing")
        if instance not in Notify._SUBSCRIBERS:
            Notify._SUBSCRIBERS.append(instance)
        return True

    @staticmethod
    def send_msg(text, *args, **named):
        raise NotImplementedError("send_msg")

    @staticmethod
    def message(text, *args, **named):
        """Send a text to all, or to the classes in channels=; returns a line about it."""
        wanted = named.get("channels", ())
        wanted = (wanted,) if isinstance(wanted, str) else tuple(wanted)
        reached, errors = [], 0
        every = Notify.everybody()
        for one in every:
            name = type(one).__name__
            if wanted and name not in wanted:
                continue
            try:
                one.send_msg(text, *args, **named)
                reached.append(name)
            except Exception as e:
                syslog(f"[ERR] Notify.{name}: {e}")
                errors += 1
        return f"Sent over {', '.join(reached)} ({len(reached)}/{len(every)}) client(s) - errors: ({errors})"

    @staticmethod
    def everybody():
        """The subscribers, and the channels of the settings whose place none of them has."""
        from services.micros import channels  # late: with the first notification

        found = Notify._SUBSCRIBERS
        names = [type(one).__name__ for one in found]
        return found + [one for one in channels.configured() if type(one).__name__ not in names]

    @staticmethod
    def notifications(state=None):
        """Switch all of it on or off, or say what is."""
        if isinstance(state, bool):
            Notify.GLOBAL_NOTIFY = state
        names = ", ".join([type(one).__name__ for one in Notify.everybody()])
        return f"Notifications[{names}]: {'enabled' if Notify.GLOBAL_NOTIFY else 'disabled'}"

    @staticmethod
    def notify(text, *args, **named):
        return Notify.message(text, *args, **named) if Notify.GLOBAL_NOTIFY else "Notifications disabled"

    @staticmethod
    def lm_execute(cmd_args, jsonify=False, secure=True):
        """Run a command for a message that has come; secure: only of a module that is loaded."""
        from services.micros.faces.common import exec_cmd  # late: that module imports from this one

        return exec_cmd(cmd_args, jsonify, secure)


def notify(*args, **named):
    """Send a notification: whether it was sent, or none was wanted; without a text, whether they are on."""
    if (args[0] if args else named.get("text")) is None:
        return Notify.GLOBAL_NOTIFY
    out = Notify.notify(*args, **named)
    return out.startswith("Sent") or out.endswith("disabled")
