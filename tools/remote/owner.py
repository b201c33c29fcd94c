"""The owner's settings on the command line of `diatom flash`: options, and secrets that are asked for."""

import getpass
import os
import sys

from images.settings import Settings
from remote.errors import RemoteError

WIFI_VARIABLE, PASSWORD_VARIABLE = "DIATOM_WIFI_PASSWORD", "DIATOM_PASSWORD"

EPILOG = """\
Passwords are asked for without an echo. Where standard input is no terminal, its lines are the answers, in the order in
which the options stand here; $%s and $%s come first. An empty answer for Wi-Fi is an open network.
""" % (WIFI_VARIABLE, PASSWORD_VARIABLE)


def arguments(parser):
    """The options."""
    group = parser.add_argument_group("what is yours (only where an image is made)")
    group.add_argument(
        "--wifi", metavar="SSID", action="append", default=[], help="join this network (may be repeated)"
    )
    group.add_argument("--password", action="store_true", help="a password for root: remote services need one")
    group.add_argument("--user", metavar="NAME", action="append", default=[], help="one more user (may be repeated)")
    group.add_argument("--hostname", metavar="NAME", default="", help="the name of the board in the network")
    group.add_argument(
        "--timezone", metavar="TZ", default="", help="such as Europe/Berlin or CET-1CEST,M3.5.0,M10.5.0/3"
    )
    group.add_argument(
        "--enable", metavar="SERVICE", action="append", default=[], help="start it at every boot (may be repeated)"
    )


def given(options):
    """Whether any of them is there."""
    return bool(
        options.wifi or options.password or options.user or options.hostname or options.timezone or options.enable
    )


def settings(options, out):
    """The Settings that the options ask for."""
    found = Settings(hostname=options.hostname, timezone=options.timezone, services=options.enable)
    found.wifi = [(ssid, "") for ssid in options.wifi]
    found.check()  # before anything is asked
    for number, ssid in enumerate(options.wifi):
        key = ask("Password for %s (none: open network): " % ssid, ssid, WIFI_VARIABLE)
        if not key:
            out.remark("%s: an open network, without a password" % ssid)
        found.wifi[number] = ssid, key
    for user in (["root"] if options.password else []) + options.user:
        found.passwords[user] = new_password(user)
    found.check()
    return found


def ask(prompt, what, variable=None):
    """A secret: from the environment, without an echo from the terminal, or a line of standard input."""
    if variable and variable in os.environ:
        return os.environ[variable]
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    line = sys.stdin.readline()
    if not line:
        raise RemoteError("%s: no password given" % what)
    return line.rstrip("\r\n")


def new_password(user):
    """A user's password; a terminal is asked twice."""
    variable = PASSWORD_VARIABLE if user == "root" else None
    password = ask("New password for %s: " % user, user, variable)
    if not password:
        raise RemoteError("%s: the password must not be empty" % user)
    if sys.stdin.isatty() and not (variable and variable in os.environ) and ask("Again: ", user) != password:
        raise RemoteError("%s: the two passwords are not the same" % user)
    return password
