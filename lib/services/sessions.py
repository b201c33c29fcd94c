# Sessions of users: who logs in at a terminal, and the shell that he gets.

import os

from base import users
from base.errors import Failure
from process import cpu
from process.session import Session

ATTEMPTS = 3  # before a caller has to come back


def environment(base, user):
    """The environment of a user's session."""
    env = base.copy()
    env["USER"] = env["LOGNAME"] = user.name
    env["HOME"] = user.home
    return env


def home(user):
    """The directory in which a session of user begins."""
    try:
        if os.stat(user.home)[0] & 0x4000:
            return user.home
    except OSError:
        pass
    return "/"


def start(parent, user, terminal, name, command=None, env=None, stay=False):
    """Start the shell of a new session at terminal; returns its Process. env: more variables; stay: in parent's cwd."""
    from shell.session import login

    session = Session(name, terminal, user.name)
    process = login(parent, session, command)
    for old in (process.stdin, process.stdout, process.stderr):
        old.close()
    process.stdin = terminal.dup()
    process.stdout = terminal.dup()
    process.stderr = terminal.dup()
    process.env = environment(parent.env, user)
    if env:
        process.env.update(env)
    if not stay:
        process.cwd = home(user)
    return process


async def nested(user, command=None, stay=False):
    """Run a session of user inside the one of the current process, at its terminal; returns the shell's status."""
    process = cpu.current
    terminal = process.tty
    if not terminal:
        raise Failure("", "this needs a terminal")
    outer = terminal.session
    try:
        child = start(process, user, terminal, outer.name, command, stay=stay)
        return await child.wait()
    finally:
        terminal.session = outer


async def ask_user(service, address, name=None, attempts=ATTEMPTS):
    """Ask for a name (unless it is given) and a password; the User, or None after too many failures. LockedOut."""
    from process.ask import ask
    from services.guard import authenticate

    if users.is_open():
        return users.find(name or users.ROOT) or users.User(name or users.ROOT)
    for _ in range(attempts):
        given = name or (await ask("login: ", True)).strip()
        if not given:
            continue
        user = await authenticate(service, given, await ask("Password: "), address)
        if user:
            return user
        cpu.current.stderr.write("Login incorrect\n")
    return None
