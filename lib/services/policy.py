# Permissions of users for FTP, HTTP and terminals. Loaded with the first user who has options; all others may do
# everything that services.protected does not forbid to everybody.
#
# A user is an object with `name` and `options`, the comma-separated words of /etc/shadow:
#
#   ro            read-only, therefore without a shell
#   root=/DIR     confined to that directory: no shell, no access to the system
#   noshell       no shell
#   command=LINE  runs this line instead of a shell, as in the authorized_keys of OpenSSH; no files, unless root= is given
#   from=PATTERN  may log in from such an address (with * and ?); can be repeated
#
# An unknown word forbids the login: an older system must not allow what a newer one forbids.

from micropython import const

from base import users
from base.errors import Failure
from base.paths import normal

_FLAGS = ("ro", "noshell")
_VALUES = ("root", "command", "from")

# The routes of the web server and the permission for each: everybody (pages, logins, figures), files, the system, a shell,
# an account. A route that is not listed is for users without options only.
_ROUTES = const(
    " =everybody edit=everybody metrics=everybody fs=files "
    "cp/version.json=everybody cp/devices.json=everybody cp/diskinfo.json=everybody cp/serial=shell "
    "api/openapi.json=everybody api/login=everybody api/logout=everybody api/session=everybody api/status=everybody "
    "api/users=account api/log=system api/config=system api/power=system api/processes=system api/jobs=system "
    "stream=system capture.jpg=system cam=system api/camera=system "
    "rest=system config=system api/services=system api/gpio=system api/run=shell api/terminal=shell "
)
_ROUTE_NAMES = ("edit", "metrics", "fs", "rest", "config", "stream", "capture.jpg", "cam")  # routes of one word
_PARTS = ("api", "cp")  # routes of two words

_CONSOLES = ("console", "su")  # the "addresses" of local logins
_FORBIDDEN = const("not allowed for this user")
_READ_ONLY = const("read-only")


def fault(options):
    """The first error in the options of a user, or None."""
    for word in options.split(","):
        name, _, value = word.partition("=")
        if name in _VALUES:
            if not value or name == "root" and value[0] != "/":
                return f"{word}: expected {'an absolute path' if name == 'root' else 'a value'}"
        elif word and word not in _FLAGS:
            return f"{word}: invalid option"
    return None


def admits(user, address):
    """Whether a user may log in from an address, or one of _CONSOLES."""
    if fault(user.options):
        return False
    patterns = [word[5:] for word in user.options.split(",") if word.startswith("from=")]
    if not patterns or address in _CONSOLES:
        return True
    from text.pattern import match  # late: only for from=

    return any(match(pattern, address) for pattern in patterns)


def is_readonly(user):
    return users.option(user.options, "ro") is not None


def check(user):
    """Raise Failure for a user with invalid options."""
    why = fault(user.options)
    if why:
        raise Failure(user.name, why)


def root(user):
    """The root directory of a user's files; Failure if the user has no files."""
    check(user)
    found = users.option(user.options, "root")
    if not found and users.option(user.options, "command"):
        raise Failure(user.name, "no files for this user")
    return normal(found) if found else "/"


def shell(user):
    """The command line that replaces a user's shell, None for an unrestricted one; Failure if the user has no shell."""
    check(user)
    found = users.option(user.options, "command")
    if not found:
        for name in ("ro", "root", "noshell"):
            if users.option(user.options, name):
                raise Failure(user.name, "no shell for this user")
    return found


def route(user, path, unsafe):
    """Why a user may not use a route of the web server, or None; unsafe: the request may change data."""
    _, first, name, rest = (path + "///").split("/", 3)
    key = f"{first}/{name}" if first in _PARTS else first if first in _ROUTE_NAMES else ""
    kind = _ROUTES.partition(f" {key}=")[2].partition(" ")[0]
    if kind == "everybody":
        return None
    try:
        if kind == "shell":
            shell(user)
            return None
        if kind == "files":
            root(user)
        elif kind == "account" and unsafe:  # only the user's own password
            if rest.rstrip("/") != user.name:
                return _FORBIDDEN
        elif not kind or users.option(user.options, "root") or users.option(user.options, "command"):
            return _FORBIDDEN
    except Failure as e:
        return e.reason
    return _READ_ONLY if unsafe and is_readonly(user) else None
