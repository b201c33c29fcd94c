# An FTP session: the control connection, login and the dispatch of commands. Loaded with the first client.
#
# The commands are functions of (session, argument), in the modules that _MODULES names, loaded on demand.
# During a transfer, which is a task of its own, ABOR, STAT, NOOP and QUIT are handled at once; others wait for its end.

import asyncio
import gc
import sys
from time import ticks_diff, ticks_ms

from micropython import const

from base import config, users
from base.errors import Failure, reason
from base.paths import isdir, normal
from process import memory
from services import protected
from services.server import STALL
from services.stream import no_memory, patience, wait_memory

_LINE_MAX = const(1024)  # bytes in a command
_PASSWORDS_MAX = const(3)
_QUIET_MS = const(2000)

_UNAUTHENTICATED = " USER PASS QUIT NOOP FEAT SYST OPTS HELP AUTH ACCT "  # commands before login
_DURING_TRANSFER = " ABOR STAT NOOP QUIT "  # commands during a transfer
_KEEP_REST = " REST ALLO PASV EPSV PORT EPRT TYPE NOOP "  # commands after which REST and ALLO stay in force
_ONCE = " DELE RMD XRMD MKD XMKD RNTO APPE STOU PASS "  # commands that are not repeated when memory is short
_WRITES = " STOR STOU APPE DELE RMD XRMD MKD XMKD RNFR RNTO MFMT "
_MODULES = (
    ("session", " USER PASS QUIT NOOP TYPE STRU MODE PWD XPWD CWD XCWD CDUP XCUP REST ABOR "),
    ("data", " PASV EPSV PORT EPRT "),
    ("transfer", " RETR STOR APPE STOU "),
    ("listing", " LIST NLST MLSD MLST SIZE MDTM "),
    ("files", " DELE RMD XRMD MKD XMKD RNFR RNTO MFMT "),
    ("rare", " SYST FEAT OPTS HELP STAT SITE ALLO ACCT AUTH SMNT REIN "),
)

_buffer = bytearray(256)  # shared: its content is copied before another task runs


class Reply(Exception):
    """Raised to end a command with a reply: Reply(550, "reason")."""


class Session:
    """The state of a client."""

    name = None  # the argument of USER
    account = None  # the User after login
    failures = 0  # wrong passwords
    cwd = "/"  # relative to root
    root = "/"  # the client's root directory
    readonly = False
    binary = False
    facts = 15  # a bit set of listing.FACTS, for MLST
    expected = 0  # bytes announced by ALLO
    sending = False  # a reply is being sent
    replied = False  # the command has sent a reply
    rest = 0  # offset of the next transfer
    old = None  # the argument of RNFR
    passive = None  # the socket that listens for the data connection
    active = None  # (address, port) at which the client listens
    only_epsv = False
    transfer = None  # the task of a transfer
    data = None  # its data connection
    over = False
    waits = False  # a command waits for a transfer, so the control connection is not read
    moving = 0  # number of transfers in all sessions

    def __init__(self, connection):
        self.connection = connection
        self.address = connection.address
        self.input = b""

    # --- the control connection

    async def line(self):
        """The next command, without its end; None at the end of the connection."""
        while True:
            line, end, rest = self.input.partition(b"\n")
            if end:
                self.input = rest
                return clean(line)
            if len(self.input) > _LINE_MAX:
                self.input = b""
                await self.reply(500, "Line too long.")
                self.over = True
                return None
            count = await self.connection.fill(_buffer)
            if not count:
                return None
            self.input += memoryview(_buffer)[:count]

    async def reply(self, code, text, *more):
        """Send a reply, of several lines if `more` is given: those between the first and the last begin with a blank."""
        if more:
            text = f"{code}-{text}\r\n" + "".join([line + "\r\n" for line in more[:-1]])
            out = f"{text}{code} {more[-1]}\r\n"
        else:
            out = f"{code} {text}\r\n"
        self.replied = True
        while self.sending:  # the transfer and a command may reply at the same time
            await asyncio.sleep_ms(5)
        self.sending = True
        try:
            await self.connection.send(out.encode())
        finally:
            self.sending = False

    async def run(self):
        """Serve the client until it disconnects."""
        await self.reply(220, "Diatom FTP server ready.")
        try:
            while not self.over:
                line = await self.line()
                if line is None:
                    return
                await self.command(line)
        finally:
            self.over = True
            if self.transfer:
                self.transfer.cancel()
            self.close_data()

    async def command(self, line):
        """Run one command."""
        try:
            text = line.decode()
        except UnicodeError:
            await self.reply(501, "Not UTF-8.")
            return
        verb, _, argument = text.partition(" ")
        verb = verb.upper()
        if self.transfer and f" {verb} " not in _DURING_TRANSFER:
            await self.wait_for_transfer()
        for c in argument:
            if c < " " or c == "\x7f":
                await self.reply(501, "Control character in a name.")
                return
        try:
            await self.execute(verb, argument)
        except Reply as e:
            await self.reply(*e.args)
        except MemoryError:
            await self.reply(451, no_memory("this command"))
        except (OSError, Failure) as e:
            full = isinstance(e, OSError) and e.args and e.args[0] == 28
            await self.reply(452 if full else 550, (reason(e) if not isinstance(e, Failure) else e.reason) + ".")
        if f" {verb} " not in _KEEP_REST:
            self.rest = self.expected = 0

    async def execute(self, verb, argument):
        """Call the function of a command. It waits for memory, unless a part of the command may have been done."""
        limit = function = None
        self.replied = False
        while True:
            try:
                function = find(verb)
                self.check(verb)
                return await function(self, argument)
            except MemoryError:
                if function and (self.replied or f" {verb} " in _ONCE):
                    raise
                if limit is None:
                    limit = patience()
            await wait_memory(limit)

    def check(self, verb):
        """Reply if the client may not use this command now."""
        if not self.account and f" {verb} " not in _UNAUTHENTICATED:
            raise Reply(530, "Please log in with USER and PASS.")
        if self.readonly and f" {verb} " in _WRITES:
            raise Reply(550, "Read-only.")
        if self.old and verb != "RNTO":
            self.old = None

    async def wait_for_transfer(self):
        """Wait for the end of a transfer."""
        self.waits = True
        try:
            while self.transfer and not self.transfer.done():
                await asyncio.sleep_ms(5)
        finally:
            self.waits = False
        self.transfer = None  # a task that is cancelled before it begins does not do that itself

    def peek(self):
        """Read from the control connection without waiting; at its end the session is over."""
        if len(self.input) > _LINE_MAX:
            return
        count = self.connection.sock.readinto(_buffer)
        if count:
            self.input += memoryview(_buffer)[:count]
        elif count is not None:
            self.over = True

    # --- data

    def close_data(self):
        """Close the passive socket, or drop the active address."""
        self.active = None
        if self.passive:
            self.passive.close()
            self.passive = None

    def watch(self):
        """Cancel a stalled transfer; called about once a second."""
        self.connection.reserved = 0
        connection = self.data
        if self.transfer:
            self.connection.last = ticks_ms()
        if connection:
            limit = config.section("ftpd").get("stall", STALL) * 1000
            if ticks_diff(ticks_ms(), connection.moved) > limit and ticks_diff(ticks_ms(), connection.last) > limit:
                self.transfer.cancel()
        elif not Session.moving and ticks_diff(ticks_ms(), self.connection.last) > _QUIET_MS:
            unload_commands()

    # --- paths

    def path(self, argument):
        """The real path for a command's argument."""
        if not argument:
            raise Reply(501, "Missing name.")
        return self.real(normal(argument, self.cwd))

    def real(self, virtual):
        return protected.real(self.root, virtual)

    def visible(self, path):
        """Return path; Reply if it is secret."""
        if users.secret(path):
            raise Reply(550, "Permission denied.")
        return path

    def readable(self, path):
        """Return path; Reply if no service may read it."""
        why = protected.unreadable(path)
        if why:
            raise Reply(550, why[0].upper() + why[1:] + ".")
        return path

    def writable(self, path):
        """Return path; Reply if no service may change it."""
        why = protected.unwritable(path, self.root)
        if why:
            raise Reply(550, why[0].upper() + why[1:] + ".")
        return path


def clean(line):
    """Strip the carriage return, and the telnet signals before ABOR, from a command."""
    while (at := line.find(b"\xff")) >= 0:
        line = line[:at] + line[at + 2 :]
    return line[:-1] if line[-1:] == b"\r" else line


def unload_commands():
    """Unload the modules of commands if memory is short and no transfer runs; they are reloaded on demand."""
    loaded = [name for name in ("transfer", "files", "rare", "listing") if "services.ftp." + name in sys.modules]
    if loaded and gc.mem_free() * 2 < gc.mem_alloc():
        for name in loaded:
            memory.unload("services.ftp." + name)
        gc.collect()


def find(verb):
    """The function for a command."""
    if verb.isalpha():
        key = f" {verb} "
        for module, verbs in _MODULES:
            if key in verbs:
                if verb[0] == "X":
                    verb = {"XPWD": "PWD", "XCWD": "CWD", "XCUP": "CDUP", "XRMD": "RMD", "XMKD": "MKD"}[verb]
                if module == "session":
                    return globals()[verb]
                module = getattr(getattr(__import__("services.ftp." + module), "ftp"), module)  # noqa: B009
                return getattr(module, verb)
    raise Reply(502 if 2 < len(verb) < 5 and verb.isalpha() else 500, "Unknown command.")


async def handler(connection):
    """Serve a connection."""
    session = Session(connection)
    connection.farewell = b"421 Timed out.\r\n"
    connection.on_watch = session.watch
    await session.run()


# --- commands


async def USER(session, argument):
    session.account = None
    session.connection.admitted = False
    session.name = argument
    if users.is_open():
        log_in(session, users.find(argument) or users.User(argument, "!", "/"))
        await session.reply(230, "Logged in; no password required.")
    else:
        await session.reply(331, "Password required.")


async def PASS(session, argument):
    from services.guard import LockedOut, authenticate  # late: only to log in

    if session.name is None:
        raise Reply(503, "Use USER first.")
    if session.account:  # some clients send a password whether USER wants one or not (RFC 959, 5.4)
        raise Reply(202, "No password required.")
    name, session.name = session.name, None
    try:
        user = await authenticate("ftpd", name, argument, session.address)
    except LockedOut:
        session.over = True
        raise Reply(421, "Too many failures; try again later.")
    if user:
        log_in(session, user)
        raise Reply(230, "Logged in.")
    session.failures += 1
    if session.failures >= _PASSWORDS_MAX:
        session.over = True
        raise Reply(421, "Login incorrect.")
    raise Reply(530, "Login incorrect.")


def log_in(session, user):
    """Make user the client's account; Reply if the user has no files."""
    session.root = "/"
    session.readonly = config.section("ftpd").get("readonly", False)
    if user.options:
        from services import policy  # late: few users have options

        try:
            session.root = policy.root(user)
        except Failure as e:
            raise Reply(530, e.reason[0].upper() + e.reason[1:] + ".")
        session.readonly = session.readonly or policy.is_readonly(user)
    session.account = user
    session.connection.admitted = True
    session.cwd = "/"


async def QUIT(session, argument):
    await session.wait_for_transfer()
    session.over = True
    raise Reply(221, "Goodbye.")


async def NOOP(session, argument):
    raise Reply(200, "OK.")


async def TYPE(session, argument):
    kind = argument.upper()
    if kind not in ("A", "A N", "I", "L 8", "L8"):
        raise Reply(504, "Only TYPE A and I are supported.")
    session.binary = kind[0] != "A"
    raise Reply(200, "TYPE is " + ("I." if session.binary else "A."))


async def STRU(session, argument):
    raise Reply(200, "OK.") if argument.upper() == "F" else Reply(504, "Only STRU F is supported.")


async def MODE(session, argument):
    raise Reply(200, "OK.") if argument.upper() == "S" else Reply(504, "Only MODE S is supported.")


async def PWD(session, argument):
    raise Reply(257, '"{}" is the current directory.'.format(session.cwd.replace('"', '""')))


async def CWD(session, argument):
    virtual = normal(argument or "/", session.cwd)
    if not isdir(session.visible(session.real(virtual))):
        raise Reply(550, "No such directory.")
    session.cwd = virtual
    raise Reply(250, "OK.")


async def CDUP(session, argument):
    await CWD(session, "..")


async def REST(session, argument):
    if not argument.isdigit() or len(argument) > 10:
        raise Reply(501, "Missing number.")
    session.rest = int(argument)
    raise Reply(350, f"Restarting at {session.rest}.")


async def ABOR(session, argument):
    running = session.transfer
    if running:
        running.cancel()
        await session.wait_for_transfer()
    session.close_data()
    raise Reply(226, "Aborted.") if running else Reply(225, "No transfer to abort.")
