# Users: who may log in, and the paths that no service serves.
#
# /etc/shadow has a line NAME:HASH:HOME:OPTIONS for each user. passwords.py makes the hash; "!" means that there is no
# password, so that a login is impossible. OPTIONS are words, separated by commas, that restrict the user: see
# services.policy. The file systems have no owners: a user without options may do whatever the shell can do.

from micropython import const

from base.errors import Failure
from base.paths import normal

PATH = "/etc/shadow"
ROOT = "root"  # the user of the console
MICROS = "micros"  # has the password of the service micros,
MICROS_OPTIONS = "command=false"  # and neither a shell nor files

_FIRST = const(1000)  # the number of the first user that is not root
_USERS_MAX = const(32)
_NAME_MAX = const(32)
_LINE_MAX = const(512)

# No service reads, writes, renames or removes these; a trailing slash means everything in that directory.
_SECRET = (
    "/etc/shadow",
    "/etc/.shadow",
    "/etc/ssh/",
    "/etc/.ssh/",
    "/etc/ssl/",
    "/etc/.ssl/",
    "/etc/fleet.key",
    "/etc/.fleet.key",
    "/local/photoq",
    "/local/.photoq",
    "/local/wifi",
    "/local/.wifi",
)


class User:
    """A line of the file."""

    def __init__(self, name, hash="!", home="/home", options=""):
        self.name = name
        self.hash = hash
        self.home = home
        self.options = options

    def line(self):
        return f"{self.name}:{self.hash}:{self.home}:{self.options}\n"


def option(options, name):
    """The value of one of a user's options; True if it has no value, None if it is not given."""
    for word in options.split(","):
        key, equals, value = word.partition("=")
        if key == name:
            return value if equals else True
    return None


def users():
    """Yield each User of the file, if it exists."""
    try:
        file = open(PATH, "rb")
    except OSError:
        return
    with file:
        for _ in range(_USERS_MAX):
            line = file.readline(_LINE_MAX)
            if not line:
                return
            try:
                fields = line.decode().rstrip("\r\n").split(":")
            except UnicodeError:  # skip a damaged line
                continue
            if len(fields) >= 3 and fields[0]:
                yield User(fields[0], fields[1], fields[2], fields[3] if len(fields) > 3 else "")


def find(name):
    """The User called name, or None."""
    for user in users():
        if user.name == name:
            return user
    return None


def any_hash():
    """The hash of any user, to compare a password with if the user does not exist; None if there is none."""
    for user in users():
        if user.hash[:1] != "!":
            return user.hash
    return None


def check_name(name):
    """Raise Failure for what is no name of a user."""
    good = 0 < len(name) <= _NAME_MAX and name[0] not in "-."
    for c in name:
        good = good and ("a" <= c <= "z" or "A" <= c <= "Z" or c.isdigit() or c in "_-.")
    if not good:
        raise Failure(name, f"invalid name (1 to {_NAME_MAX} letters, digits, _ - .)")


def save(user):
    """Write a user: its line is replaced, or added."""
    for text in (user.home, user.options):
        if ":" in text or "\n" in text or len(text) > 128:
            raise Failure(text, "contains ':' or a newline, or is longer than 128 characters")
    found = [other for other in users() if other.name != user.name]
    if len(found) >= _USERS_MAX:
        raise Failure(user.name, f"{_USERS_MAX} users at most")
    found.append(user)
    _write(found, f"{user.name} is written")


def remove(name):
    """Remove a user; Failure if there is no such user."""
    found = [user for user in users() if user.name != name]
    if not find(name):
        raise Failure(name, "no such user")
    _write(found, f"{name} is removed")


def _write(found, message):
    from base import log  # late: only to save
    from base.files import replace

    replace(PATH, "".join([user.line() for user in found]))
    log.note("users", message, log.NOTICE)


def is_open():
    """True if system.conf has "auth": "none": login without a password."""
    from base import config  # late: few callers ask

    return config.get("auth") == "none"


def require_password():
    """Failure, which tells what to do, if no user has a password yet. Remote services call it before they start."""
    for user in users():
        if user.hash[:1] != "!":
            return
    if not is_open():
        raise Failure("", 'no password is set; use `passwd`, or "auth": "none" in /etc/system.conf')


def secret(path):
    """True for a file that no service may give away or touch, or a directory that has one in it."""
    path = normal(path).lower()  # FAT takes names in any case
    for name in _SECRET:
        if path.startswith(name) or (path + "/").startswith(name):
            return True
    return False


def holds_secret(path):
    """True for a directory with a secret below it: what may be entered, but not renamed or removed."""
    path = normal(path).lower()
    return path == "/" or any(name.startswith(path + "/") for name in _SECRET)


def user_of(process):
    """The name of the user of a process."""
    return process.session.user if process.session else str(process.env.get("USER", ROOT))


def require_root(process):
    """Raise Failure unless the process is root's."""
    if user_of(process) != ROOT:
        raise Failure("", "must be root")


def number_of(name):
    """The number of a user: 0 for root, else by the position in the file; None if there is no such user."""
    if name == ROOT:
        return 0
    number = _FIRST
    for user in users():
        if user.name == name:
            return number
        number += user.name != ROOT
    return None
