# Sessions of users: login at a terminal, and the user's shell.

import asyncio
import os

from micropython import const

from base import users
from base.errors import Failure
from process import cpu
from process.process import spawn
from process.session import Session
from shell import login

ATTEMPTS = 3  # passwords before the login ends
ORIGINAL = "SSH_ORIGINAL_COMMAND"  # the requested command of a user with command= (OpenSSH's name)
_PAUSE_MS = const(500)


def environment(base, user):
    """The environment of a user's session."""
    env = base.copy()
    env["USER"] = env["LOGNAME"] = user.name
    env["HOME"] = user.home
    return env


def home(user):
    """The first working directory of a user's session."""
    try:
        if os.stat(user.home)[0] & 0x4000:
            return user.home
    except OSError:
        pass
    return "/"


def forced(user):
    """The command line that replaces the user's shell, or None; Failure if the user has no shell."""
    if not user.options:
        return None
    from services import policy  # late: few users have options

    return policy.shell(user)


def become(user, env):
    """Turn the current process, which has logged a user in, into the shell of its session: `yield from` it."""
    command = forced(user)
    process = cpu.current
    process.session.user = user.name
    process.name = "sh"
    process.env = environment(process.env, user)
    if process.session.name != "console":
        for name in ("COLUMNS", "LINES"):  # these belong to the console
            process.env.pop(name, None)
    process.env.update(env)
    process.cwd = home(user)
    cpu.enter(process)
    if command is None:
        return login.door(process.session, "sh")
    login.load()
    return login.commanded(process.session, "sh", command)


async def nested(user, command=None, stay=False):
    """Run a session of another user at the terminal of the current process; returns the shell's status."""
    process = cpu.current
    if not process.tty and command is None:
        raise Failure("", "must be run from a terminal")
    own = forced(user)
    session = Session(process.session.name, process.tty, user.name)  # now the terminal's session
    try:
        child = login.login(process, session, own or command)
        child.env = environment(process.env, user)
        if own and command:
            child.env[ORIGINAL] = command
        if not stay:
            child.cwd = home(user)
        return await child.wait()
    finally:
        take_back(process)


async def interactive():
    """Run a shell of the same user at the terminal of the current process; returns its status."""
    process = cpu.current
    session = Session(process.session.name, process.tty, process.session.user)
    try:
        return await login.login(process, session, name=process.name).wait()
    finally:
        take_back(process)


def take_back(process):
    """Make the session of process that of its terminal again."""
    if process.tty:
        process.tty.session = process.session


async def ask_user(service, address, name=None, attempts=ATTEMPTS):
    """Ask for a name (unless given) and a password; returns the User, None after too many failures; LockedOut."""
    from process.ask import ask  # late: only at a login
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
    """Start the session of a console that requires a login ("login": true in system.conf); returns its Process."""
    process = spawn("login", [], parent, ask_console)
    process.session = session
    return process


def ask_console(args):
    """The main function of that process: ask until a login succeeds, then become the user's shell."""
    from services.guard import LockedOut  # late: only to log in

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
        except Failure as e:  # the user has no shell
            process.stderr.write(f"login: {e}\n")
        except EOFError:
            process.stderr.write("\n")
        except LockedOut:
            process.stderr.write("Too many failures; try again later.\n")
        yield from asyncio.sleep_ms(_PAUSE_MS)
