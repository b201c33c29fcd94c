# Sessions of users: who logs in at a terminal, and the shell that he gets.

import asyncio
import os

from micropython import const

from base import users
from base.errors import Failure
from process import cpu
from process.session import Session

ATTEMPTS = 3  # before a caller has to come back
ORIGINAL = "SSH_ORIGINAL_COMMAND"  # what a user has asked for whose shell is one line (OpenSSH's name)
_PAUSE_MS = const(500)


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


def forced(user):
    """The line that is the user's shell, None for any; Failure where he gets none."""
    if not user.options:
        return None
    from services import policy  # late: few users have any

    return policy.shell(user)


def become(user, env):
    """The current process, which has asked who is there, becomes the shell of its session: `yield from` it."""
    from shell import login

    command = forced(user)
    process = cpu.current
    process.session.user = user.name
    process.name = "sh"
    process.env = environment(process.env, user)
    if process.session.name != "console":
        for name in ("COLUMNS", "LINES"):  # those are the console's
            process.env.pop(name, None)
    process.env.update(env)
    process.cwd = home(user)
    cpu.enter(process)
    if command is None:
        return login.door(process.session, "sh")
    login.load()
    return login.commanded(process.session, "sh", command)


async def nested(user, command=None, stay=False):
    """Run a session of user inside the one of the current process, at its terminal; returns the shell's status."""
    process = cpu.current
    terminal = process.tty
    if not terminal and command is None:
        raise Failure("", "this needs a terminal")
    from shell.login import login

    own = forced(user)
    outer = process.session
    session = Session(outer.name, terminal, user.name)  # the terminal's, from here on
    try:
        child = login(process, session, own or command)
        child.env = environment(process.env, user)
        if own and command:
            child.env[ORIGINAL] = command
        if not stay:
            child.cwd = home(user)
        return await child.wait()
    finally:
        if terminal:
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


def console(parent, session):
    """The session of a console at which people log in ("login": true in system.conf); returns its Process."""
    from process.process import spawn

    process = spawn("login", [], parent, ask_console)
    process.session = session
    return process


def ask_console(args):
    """The main function of that process: asks until somebody may come in, and becomes his shell."""
    from services.guard import LockedOut

    process = cpu.current
    try:
        users.require_password()
    except Failure as e:
        process.stderr.write(f"login: {e.reason}; the console is open\n")
        return (yield from become(users.User(users.ROOT), {}))
    while True:
        try:
            user = yield from ask_user("login", "console")
            if user:
                return (yield from become(user, {}))
        except Failure as e:  # he has no shell
            process.stderr.write(f"login: {e}\n")
        except EOFError:
            process.stderr.write("\n")
        except LockedOut:
            process.stderr.write("Too many failures; try again later.\n")
        yield from asyncio.sleep_ms(_PAUSE_MS)
