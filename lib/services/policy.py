# What users may do: the one place that decides it for all ways in, FTP, HTTP and terminals. It is loaded with the first
# user who has options; all others may do everything but what services.protected forbids to everybody.
#
# A user is anybody with `name` and `options`, the words of /etc/shadow with commas between them:
#
#   ro            changes nothing, and has no shell, which could
#   root=/DIR     sees no more than that directory: no shell, and nothing of the system
#   noshell       has no shell
#   command=LINE  each of his shells is this line, as in the authorized_keys of OpenSSH; no files, unless root= gives him some
#   from=PATTERN  comes from such an address (with * and ?); may be there several times
#
# A word that nobody knows lets nobody in: an older system must not take what a newer one forbids for allowed.

from micropython import const

from base import users
from base.errors import Failure
from base.paths import normal

_FLAGS = ("ro", "noshell")
_VALUES = ("root", "command", "from")

# The routes of the web server, and what they are about: everybody (pages, logins, figures), files, the system, a shell, an
# account. A route that is missing here is for users without options only.
_ROUTES = const(
    " =everybody edit=everybody metrics=everybody fs=files "
    "cp/version.json=everybody cp/devices.json=everybody cp/diskinfo.json=everybody cp/serial=shell "
    "api/openapi.json=everybody api/login=everybody api/logout=everybody api/session=everybody api/status=everybody "
    "api/users=account api/log=system api/config=system api/power=system api/processes=system api/jobs=system "
    "api/services=system api/gpio=system api/run=shell api/terminal=shell "
)
_ROUTE_NAMES = ("edit", "metrics", "fs")  # first words that are a route of their own
_PARTS = ("api", "cp")  # first words with a second one

_CONSOLES = ("console", "su")  # what stands for an address where nobody comes over a network
_FORBIDDEN = const("not allowed for this user")
_READ_ONLY = const("read-only")


def fault(options):
    """What is wrong with the options of a user, or None."""
    for word in options.split(","):
        name, _, value = word.partition("=")
        if name in _VALUES:
            if not value or name == "root" and value[0] != "/":
                return f"{word}: {'an absolute path' if name == 'root' else 'a value'} is expected"
        elif word and word not in _FLAGS:
            return f"{word}: unknown option"
    return None


def admits(user, address):
    """Whether a user may log in from an address, or one of _CONSOLES."""
    if fault(user.options):
        return False
    patterns = [word[5:] for word in user.options.split(",") if word.startswith("from=")]
    if not patterns or address in _CONSOLES:
        return True
    from text.pattern import match

    return any(match(pattern, address) for pattern in patterns)


def is_readonly(user):
    return users.option(user.options, "ro") is not None


def check(user):
    """Failure for a user whose options are not understood."""
    why = fault(user.options)
    if why:
        raise Failure(user.name, why)


def top(user):
    """The directory that is the root of a user's files; Failure where he has no files."""
    check(user)
    found = users.option(user.options, "root")
    if not found and users.option(user.options, "command"):
        raise Failure(user.name, "no files for this user")
    return normal(found) if found else "/"


def shell(user):
    """The line that is a user's shell, None for one without bounds; Failure where he gets none."""
    check(user)
    found = users.option(user.options, "command")
    if not found:
        for name in ("ro", "root", "noshell"):
            if users.option(user.options, name):
                raise Failure(user.name, "no shell for this user")
    return found


def route(user, path, unsafe):
    """Why a user may not use a route of the web server, or None; unsafe: the request may change something."""
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
            top(user)
        elif kind == "account" and unsafe:  # his own password, and not that of a user with other options
            if rest.rstrip("/") != user.name:
                return _FORBIDDEN
        elif not kind or users.option(user.options, "root") or users.option(user.options, "command"):
            return _FORBIDDEN
    except Failure as e:
        return e.reason
    return _READ_ONLY if unsafe and is_readonly(user) else None
